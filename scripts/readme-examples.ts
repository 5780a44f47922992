/** The examples of Markdown files, TypeScript and commands: what they are, and what they say that they print. */

export interface Example {
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** What the comments that end lines with `console.log` say, one a line. */
  readonly prints: readonly string[];
}

const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;

/** All blocks marked as `ts`. */
export function readExamples(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCK)].map((match) => {
    const code = match[1] ?? "";
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    const prints = [...code.matchAll(/console\.log\(.*\);\s*\/\/ (.*)$/gm)].map((one) => one[1] ?? "");
    return { line, code, prints };
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
