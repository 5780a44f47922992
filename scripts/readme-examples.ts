/** The examples of Markdown files, TypeScript and commands: what they are, and what they say that they print. */

export interface Example {
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** What its comments say that it prints; see {@link printed}. */
  readonly prints: readonly string[];
  /** Marked as `ts compile`: for browsers, or for places that tests do not have. It is not run. */
  readonly compileOnly: boolean;
}

/** The output that a program announces, line by line: by comments that end lines with `console.log`, and by lines `// | ...`. */
export const printed = (code: string): string[] =>
  [...code.matchAll(/(?:console\.log\(.*\);[ \t]*\/\/ |^\s*\/\/ \| ?)(.*)$/gm)].map((one) => one[1] ?? "");

/** Whether a line is what was announced, in which `…` stands for anything. */
export function isAnnounced(announced: string, line: string): boolean {
  const parts = announced.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "u").test(line);
}

/** The output with what was announced put in its place, line by line where they agree: to be compared with that. */
export const asAnnounced = (announced: readonly string[], lines: readonly string[]): string[] =>
  lines.map((line, i) => (isAnnounced(announced[i] ?? "", line) ? announced[i] : line));

const BLOCK = /^```ts( compile)?\n([\s\S]*?)^```$/gm;

/** All blocks marked as `ts`. */
export function readExamples(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCK)].map((match) => {
    const code = match[2] ?? "";
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    return { line, code, prints: printed(code), compileOnly: match[1] !== undefined };
  });
}

/** One command of a block marked as `console`, where it follows a `$`. */
export interface Command {
  readonly line: number;
  readonly words: readonly string[];
  readonly prints: string;
}

/** All commands of all blocks marked as `console`. */
export function readCommands(markdown: string): Command[] {
  return [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap((match) => {
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    return [...(match[1] ?? "").matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map((one) => ({
      line: line + (match[1] ?? "").slice(0, one.index).split("\n").length - 1,
      words: (one[1] ?? "").split(" "),
      prints: one[2] ?? "",
    }));
  });
}
