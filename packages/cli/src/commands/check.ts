/** `h5ts check`: whether a file is sound: every structure fits the others, and nothing stands in two places. */
import { type CheckReport, check as checkSource, isH5Error, type OpenOptions } from "h5ts";
import type { Command, Output } from "../command.ts";
import { errorJson } from "../digest/error-json.ts";
import { sourceOf } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { safe, sizeText } from "../terminal/text.ts";

/** Leaks that are listed one by one. */
const LISTED = 20;

export const check: Command = {
  name: "check",
  summary: "Walk every structure of a file, and say what is wrong and what space is lost",
  usage: "[--data] [--extents] FILE",
  options: { data: { type: "boolean" }, extents: { type: "boolean" } },
  help: {
    data: "also undo the filters of every chunk; without, only of those with a checksum",
    extents: "list all that is in use, with --json",
  },
  details: [
    "Structures that do not fit each other, checksums that do not agree, space that two things claim, and space that is lost to nobody's use. Exit code 1 where something is wrong; lost space alone is none.",
  ],
  examples: [
    ["data.h5", "every structure"],
    ["--data data.h5", "and every chunk, decoded"],
  ],
  operands: [1, 1],
  async run({ operands: [file], values, json: asJson, output, opening }) {
    const report = await reportOn(file, values.data === true, opening, output);
    if (asJson) output.out(json(reportJson(report, values.extents === true)));
    else print(file, report, output);
    return report.ok ? 0 : 1;
  },
};

async function reportOn(file: string, data: boolean, opening: OpenOptions, output: Output): Promise<CheckReport> {
  const bar = progressOn(output);
  try {
    return await checkSource(await sourceOf(file), {
      ...opening,
      data,
      progress: (done, known, path) => bar.show(done, known, path),
    });
  } finally {
    bar.clear();
  }
}

function print(file: string, report: CheckReport, output: Output): void {
  for (const fault of report.faults) output.err(`h5ts: ${file}: ${safe(fault.message)}`);
  for (const error of report.unchecked) output.out(`not checked: ${safe(error.message)}`);
  for (const note of report.notes) output.out(`note: ${safe(note)}`);
  for (const { address, length } of report.leaks.slice(0, LISTED))
    output.out(`note: ${length} bytes at 0x${address.toString(16)} are lost`);
  if (report.leaks.length > LISTED) output.out(`note: ... and ${report.leaks.length - LISTED} more places`);
  output.out(summary(report));
}

function summary({ ok, faults, counts, extents, free, leaks }: CheckReport): string {
  const objects = counts.groups + counts.datasets + counts.datatypes + counts.unknown;
  const total = (list: readonly { readonly length: number }[]): string =>
    sizeText(list.reduce((sum, { length }) => sum + length, 0));
  return (
    `${ok ? "sound" : `${faults.length} faults`}: ${objects} objects, ${counts.chunks} chunks; ` +
    `${total(extents)} in use, ${total(free)} free, ${total(leaks)} lost`
  );
}

function reportJson(report: CheckReport, extents: boolean): object {
  const { label, ok, faults, unchecked, notes, counts, free, leaks, endOfFile } = report;
  return {
    file: label,
    ok,
    faults: faults.map((fault) => (isH5Error(fault) ? { ...errorJson(fault), reason: fault.reason } : fault)),
    unchecked: unchecked.map(errorJson),
    notes,
    counts,
    endOfFile,
    ...(extents && { extents: report.extents }),
    free,
    leaks,
  };
}
