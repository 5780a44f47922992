/** `h5ts diff`: where two files, or objects in them, differ. */
import { type Command, type CommandContext, UsageError } from "../command.ts";
import { compareFiles, type Difference, type DiffOptions } from "../diff/compare-files.ts";
import { objectAt, withFile } from "../opened.ts";
import { fileAndPath } from "../place.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { safe } from "../terminal/text.ts";

export const diff: Command = {
  name: "diff",
  summary: "Say where two files, or objects in them, differ",
  usage: "[-d DELTA] [-p RELATIVE] [--exclude PATH] [--exclude-attribute NAME] A[:/PATH] B[:/PATH] [PATH_A [PATH_B]]",
  options: {
    delta: { type: "string", short: "d" },
    relative: { type: "string", short: "p" },
    count: { type: "string", short: "n" },
    quiet: { type: "boolean", short: "q" },
    common: { type: "boolean" },
    exclude: { type: "string", multiple: true },
    "exclude-attribute": { type: "string", multiple: true },
  },
  help: {
    "delta DELTA": "numbers differ that are farther apart than this",
    "relative PART": "numbers differ that are farther apart than this part of the first",
    "count N": "elements to tell of each dataset that differs; default 3",
    quiet: "the exit code alone",
    common: "only what both have",
    "exclude PATH": "a path to leave out, with all below it; may be given again",
    "exclude-attribute NAME": "the name of an attribute to leave out, or PATH/NAME; may be given again",
  },
  details: [
    "A line for each object, attribute or element that differs. Exit code 0 where nothing does, 1 where something does. Chunks, filters and byte order may differ.",
  ],
  examples: [
    ["a.h5 b.h5", "everything"],
    ["-p 1e-6 a.h5 b.h5 /result", "one dataset, up to a relative difference"],
    ["a.h5:/raw a.h5:/backup/raw", "two groups of one file"],
  ],
  operands: [2, 4],
  async run(context) {
    const { operands, output, opening, json: asJson, values } = context;
    const [{ file: a, path: ownA }, { file: b, path: ownB }] = operands.slice(0, 2).map(fileAndPath);
    const [, , pathA = ownA ?? ownB ?? "/", pathB = ownB ?? pathA] = operands;
    if (a === "-" && b === "-") throw new UsageError("diff: standard input can be one of them");
    const options = optionsOf(context);
    const bar = progressOn(output);
    try {
      const found = await withFile(a, opening, (first) =>
        withFile(b, opening, async (second) =>
          compareFiles(await objectAt(first, pathA), await objectAt(second, pathB), { ...options, progress: bar.show }),
        ),
      );
      bar.clear();
      if (asJson) output.out(json({ a, b, differences: found }));
      else if (values.quiet !== true) for (const one of found) output.out(line(one));
      return found.length === 0 ? 0 : 1;
    } finally {
      bar.clear();
    }
  },
};

function optionsOf({ values }: CommandContext): DiffOptions {
  const number = (name: string): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!(Number(value) >= 0)) throw new UsageError(`--${name} must be a number, not ${value}`);
    return Number(value);
  };
  const list = (name: string): readonly string[] => (values[name] as readonly string[] | undefined) ?? [];
  return {
    absolute: number("delta"),
    relative: number("relative"),
    shown: number("count") ?? 3,
    common: values.common === true,
    excludePaths: list("exclude").map((path) => (path.startsWith("/") ? path : `/${path}`)),
    excludeAttributes: list("exclude-attribute"),
  };
}

function line({ path, what, attribute, count, detail }: Difference): string {
  const place = attribute === undefined ? path : `${path} @${attribute}`;
  const kind = count === undefined ? what : `${count} ${count === 1 ? "element differs" : "elements differ"}`;
  return safe(`${place}: ${kind}: ${detail}`);
}
