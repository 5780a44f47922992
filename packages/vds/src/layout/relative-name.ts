/** How one file is called from the folder of another. */

const ABSOLUTE = /^(?:\/|[a-z][a-z0-9+.-]*:)/i;

/** Parts of a path, without those that lead nowhere. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** `"."` for the file itself. A path or URL that has nothing in common with that of the other stays as it is. */
export function relativeName(from: string, to: string): string {
  if (from === to) return ".";
  if (ABSOLUTE.test(from) !== ABSOLUTE.test(to)) return to;
  const [here, there] = [partsOf(from), partsOf(to)];
  let common = 0;
  while (common < here.length - 1 && common < there.length - 1 && here[common] === there[common]) common++;
  if (ABSOLUTE.test(from) && common === 0 && here.length > 1) return to;
  if (here.join("/") === there.join("/")) return ".";
  return [...here.slice(common, -1).map(() => ".."), ...there.slice(common)].join("/");
}
