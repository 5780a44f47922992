/** Colours of a terminal, where it has them and nobody asked for none. */
import type { Output } from "../command.ts";

/** What a piece of text is. */
export type Part = "group" | "dataset" | "link" | "error" | "faint" | "strong";

const CODES: Record<Part, string> = {
  group: "1;34",
  dataset: "",
  link: "36",
  error: "31",
  faint: "2",
  strong: "1",
};

/** Gives text the look of what it is. */
export type Style = (part: Part, text: string) => string;

/** Of an output: colours where it has them, else the text as it is. */
export const styleOf = ({ colors }: Pick<Output, "colors">): Style =>
  colors === true
    ? (part, text) => (CODES[part] === "" || text === "" ? text : `\u001b[${CODES[part]}m${text}\u001b[0m`)
    : plain;

const plain: Style = (_, text) => text;

/** Whether a stream gets colours: `NO_COLOR` (any value) says no, `FORCE_COLOR` yes (but "0"), else what the terminal can. */
export function wantsColors(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR !== undefined) return environment.FORCE_COLOR !== "0";
  return stream.isTTY === true && environment.TERM !== "dumb";
}
