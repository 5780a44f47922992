/** The page docs/h5py.md: which of h5py's names its tables name, and the program that its lines are. */
import { readExamples } from "./readme-examples.ts";

/** h5py's public names, as test/interop/h5py_names.py lists them. */
export interface H5pyNames {
  readonly version: string;
  readonly names: Readonly<Record<string, readonly string[]>>;
}

const NAME = /`(h5py|File|Group|Dataset|AttributeManager|Datatype|VirtualLayout|VirtualSource)\.(\w+)/g;

export interface Line {
  /** Names of h5py on the left: `"Group.keys"`. */
  readonly names: readonly string[];
  /** The first code on the right. */
  readonly code: string;
}

/** The rows of the tables whose left side names something of h5py. */
export function linesOf(page: string): Line[] {
  return [...page.matchAll(/^\| (`.+?) +\| `(.+?)`.*\|$/gm)].flatMap(([, left = "", code = ""]) => {
    const names = namesIn(left);
    return names.length === 0 ? [] : [{ names, code: code.replaceAll("\\|", "|") }];
  });
}

const namesIn = (text: string): string[] => [...text.matchAll(NAME)].map((one) => `${one[1]}.${one[2]}`);

/** Names that the page gives reasons for. */
export const reasonsOf = (page: string): string[] =>
  [...page.matchAll(/^- (`h5py.*?`): (.+)$/gm)].flatMap((one) => namesIn(one[1] ?? ""));

/** One program of all lines, each in a block of its own, behind the page's first example. */
export function programOf(page: string): string {
  const [{ code = "" } = {}] = readExamples(page);
  return [code, ...linesOf(page).map((line) => `{\n${line.code}\n}`), "f.close();", 'console.log("done");'].join("\n");
}

/** What h5py has under a name is covered where a line names it, of the class or of one that it inherits from. */
export function isCovered(owner: string, name: string, covered: ReadonlySet<string>): boolean {
  const owners = owner === "File" ? ["File", "Group"] : [owner];
  return owners.some((each) => covered.has(`${each}.${name}`));
}
