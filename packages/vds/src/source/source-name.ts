/** Names of sources in which `%b` stands for the number of a block, and `%%` for a percent sign. */

/** The parts of a name between numbers: one more than there are numbers. */
export type NameParts = readonly string[];

/** Other signs behind a percent sign are kept, with it. */
export function nameParts(name: string): NameParts {
  const parts = [""];
  for (const [piece] of name.matchAll(/%b|%%|[^%]+|%/g)) {
    if (piece === "%b") parts.push("");
    else parts[parts.length - 1] += piece === "%%" ? "%" : piece;
  }
  return parts;
}

/** The name of the source of a block. */
export const nameOfBlock = (parts: NameParts, block: number): string => parts.join(String(block));
