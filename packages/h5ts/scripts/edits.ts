/** Edits of source text, at nodes of its syntax tree. */
import ts from "typescript";

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export const parse = (source: string): ts.SourceFile =>
  ts.createSourceFile("source.ts", source, ts.ScriptTarget.ES2022, true);

export const edit = (node: ts.Node, text: string): Edit => ({ from: node.getStart(), to: node.end, text });

/** Later edits first; one within another is dropped. */
export function apply(source: string, edits: readonly Edit[]): string {
  let text = source;
  let limit = Infinity;
  for (const { from, to, text: replacement } of [...edits].sort((a, b) => b.from - a.from)) {
    if (to > limit) continue;
    text = text.slice(0, from) + replacement + text.slice(to);
    limit = from;
  }
  return text;
}
