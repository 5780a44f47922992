/**
 * What becomes of libhdf5's files when its process is killed at random moments, beside what kill.test.ts shows of ours: the same programs, run by
 * h5py, judged by libhdf5 in the same way. For comparison: only that it was measured is asserted. `H5TS_SCALE` takes a part.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { randomOf } from "../malformed/random.ts";
import { describeWith } from "../support/clients.ts";
import { PART } from "./part.ts";
import { PROGRAMS, type Program, stateOf } from "./programs.ts";
import { byLibhdf5 } from "./views.ts";

const KILLS = Math.ceil(300 * PART);
const HOUR = 3_600_000;
/** Milliseconds after the first flush in which a process is killed. */
const SPAN = 150;

const script = fileURLToPath(new URL("libhdf5_writer.py", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "h5ts-crash-libhdf5-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Counts {
  kills: number;
  /** As it was flushed last, or would have been next. */
  right: number;
  /** It opens the file and finds other values than were flushed, or cannot read them. */
  lost: number;
  /** It does not open the file. */
  refused: number;
  examples: string[];
}

/** Runs the writer until it is killed; the last state that it said was flushed. */
function live(python: string, args: readonly string[], delay: number): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(python, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let complaint = "";
    child.stderr.on("data", (bytes) => (complaint += bytes));
    child.stdout.on("data", (bytes) => {
      if (said === "") setTimeout(() => child.kill("SIGKILL"), delay);
      said += bytes;
    });
    child.once("close", () => {
      if (child.signalCode !== "SIGKILL") failed(new Error(`the writer ended by itself: ${complaint}`));
      else done(Number(said.split("\n").at(-2)));
    });
  });
}

function judge(path: string, { check }: Program, flushed: number, counts: Counts): void {
  try {
    const state = byLibhdf5(path, (view) => {
      const found = stateOf(view);
      check(view, found);
      return found;
    });
    if (state === "refused") counts.refused++;
    else if (state === flushed || state === flushed + 1) counts.right++;
    else throw new Error(`the state ${state}, not ${flushed}`);
  } catch (error) {
    counts.lost++;
    if (counts.examples.length < 3) counts.examples.push(String(error).slice(0, 120));
  }
}

describeWith("python", "writers of libhdf5 that are killed", (python) => {
  const cases = Object.keys(PROGRAMS).flatMap((name) =>
    ["earliest", "latest"].map((libver) => [name, libver] as const),
  );
  it.each(cases)("%s, %s", { timeout: HOUR }, async (name, libver) => {
    const random = randomOf(name.length * 7 + libver.length);
    const counts: Counts = { kills: 0, right: 0, lost: 0, refused: 0, examples: [] };
    const path = join(folder, `${name}.h5`);
    for (; counts.kills < Math.ceil(KILLS / cases.length); counts.kills++) {
      if (existsSync(path)) rmSync(path);
      const flushed = await live(python, [name, path, libver], random.below(SPAN));
      judge(path, PROGRAMS[name], flushed, counts);
    }
    const { kills, right, lost, refused, examples } = counts;
    console.log(
      `libhdf5, ${name}, ${libver}: ${kills} kills: right ${right}, flushed values lost or garbled ${lost}, not opened ${refused}` +
        `${examples.length === 0 ? "" : ` (${examples.join("; ")})`}`,
    );
    expect(right + lost + refused).toBe(kills);
  });
});
