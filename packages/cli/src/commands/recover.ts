/** `h5ts recover`: makes a file usable that its writer left behind, and says what it found. */
import { recover as recoverSource } from "h5ts";
import type { Command } from "../command.ts";
import { errorJson } from "../digest/error-json.ts";
import { targetOf } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { safe } from "../terminal/text.ts";

export const recover: Command = {
  name: "recover",
  summary: "Make a file usable that its writer left behind, without cutting anything off",
  usage: "[--dry-run] [--force] FILE",
  options: { "dry-run": { type: "boolean" }, force: { type: "boolean" } },
  help: {
    "dry-run": "say what would be done, and only finish a commit of h5ts",
    force: "also where parts of the file cannot be read",
  },
  details: [
    "Finishes or takes back what a killed writer had begun: h5ts's own journal, or the flags by which libhdf5 marks files that are open. FILE is changed in place; look first with --dry-run, and keep a copy.",
  ],
  examples: [
    ["--dry-run data.h5", "what would be done"],
    ["data.h5", "after a crash"],
  ],
  operands: [1, 1],
  async run({ operands: [file], values, json: asJson, output, opening }) {
    const bar = progressOn(output);
    const dryRun = values["dry-run"] === true;
    try {
      const given = { ...opening, dryRun, force: values.force === true, progress: bar.show };
      const { found, done, ok, report } = await recoverSource(targetOf(file, "recover", "FILE"), given);
      bar.clear();
      if (asJson) output.out(json({ file, ok, found, done, faults: report.faults.map(errorJson) }));
      else {
        for (const line of found) output.out(`found: ${safe(line)}`);
        for (const line of done) output.out(`${dryRun ? "would be done" : "done"}: ${safe(line)}`);
        output.out(
          ok ? "the file can be opened and changed" : "the file is damaged; --force clears its flags all the same",
        );
      }
      return ok ? 0 : 1;
    } finally {
      bar.clear();
    }
  },
};
