/** `h5ts advise`: the layout that suits a dataset and how it is read, and why. */
import { advise as adviceOn } from "../bench/advice.ts";
import { PATTERN_NAMES } from "../bench/pattern.ts";
import { patternsFor, withDataset } from "../bench/subject.ts";
import type { Command, ExitCode } from "../command.ts";
import { json } from "../terminal/json.ts";
import { columns, sizeText } from "../terminal/text.ts";

export const advise: Command = {
  name: "advise",
  summary: "Say which chunks, filters and cache would suit a dataset, by how it is read, and why",
  usage: "[--pattern PATTERN]... FILE:/DATASET",
  options: { pattern: { type: "string", multiple: true } },
  help: {
    "pattern PATTERN": `what is read at a time: ${PATTERN_NAMES.join(", ")}, or "[:, 64:192]"; may be given again`,
  },
  details: ["By what is known without measuring: shape, datatype, present layout. `h5ts bench` measures."],
  choices: { pattern: PATTERN_NAMES },
  examples: [
    ["data.h5:/raw/images --pattern frames --pattern tiles", "read in two ways"],
    ["https://example.org/data.h5:/x --json", "of a file behind a URL, for programs"],
  ],
  operands: [1, 1],
  run: (context) =>
    withDataset<ExitCode>(context, async ({ shape, dtype, chunks, compression }) => {
      const patterns = patternsFor(context, shape);
      const advice = adviceOn({ shape, itemsize: dtype.itemsize, class: dtype.class }, patterns);
      const { output } = context;
      if (context.json) output.out(json({ now: { chunks, compression }, advice }));
      else {
        const filters =
          [advice.shuffle ? "shuffle" : "", advice.compression ?? ""].filter(Boolean).join(", ") || "none";
        const rows = [
          ["now", `chunks ${chunks?.join("x") ?? "none"}, ${compression ?? "no compression"}`],
          ["chunks", advice.chunks.join("x")],
          ["filters", filters],
          ["cache", sizeText(advice.cache)],
          ...advice.reasons.map((reason) => ["why", reason]),
        ];
        output.out(columns(rows));
      }
      return 0;
    }),
};
