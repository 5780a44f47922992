/** The TypeScript examples of Markdown files: what they are, and what they say that they print. */

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
