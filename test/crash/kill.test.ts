/**
 * Real processes that write are killed at random moments: h5ts must find the last commit that was announced, or the one that was being made;
 * libhdf5, opening the same file first, refuses or finds one of these. `H5TS_SCALE` takes a part of the thousand kills.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomOf } from "../malformed/random.ts";
import { bundleProgram } from "./bundle.ts";
import { PART } from "./part.ts";
import { PROGRAMS, type Program, stateOf, type View } from "./programs.ts";
import { byH5ts, byLibhdf5 } from "./views.ts";

const KILLS = Math.ceil(1000 * PART);
const HOUR = 3_600_000;
/** A file is gone on with after its writer was killed, so often. */
const LIVES = 10;
/** Milliseconds after the first sign of life, or from the start, in which a process is killed. */
const SPAN = 150;

const folder = mkdtempSync(join(tmpdir(), "h5ts-crash-"));
const program = join(folder, "child.mjs");
beforeAll(() => bundleProgram(`import "./child.ts";`, program));
afterAll(() => rmSync(folder, { recursive: true }));

interface Counts {
  kills: number;
  /** What h5ts found: the last commit that was announced, the one being made, or that the file was not made yet. */
  last: number;
  next: number;
  unmade: number;
  /** What libhdf5 did with the file before. */
  refused: number;
  given: number;
  readonly lost: string[];
}

const tell = ({ kills, last, next, unmade, refused, given, lost }: Counts): string =>
  `${kills} kills: last commit seen ${last}, commit being made seen ${next}, not made yet ${unmade}; ` +
  `refused by libhdf5 ${refused}, right by libhdf5 ${given}; lost ${lost.length}`;

/** One life of a process: until it is killed. The last state that it announced. */
async function live(args: readonly string[], delay: number, fromStart: boolean): Promise<number | undefined> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let complaint = "";
  const kill = (): void => void setTimeout(() => child.kill("SIGKILL"), delay);
  child.stderr.on("data", (bytes) => (complaint += bytes));
  child.stdout.on("data", (bytes) => {
    if (said === "" && !fromStart) kill();
    said += bytes;
  });
  if (fromStart) kill();
  await ended(child);
  if (child.signalCode !== "SIGKILL") throw new Error(`the program ended by itself: ${complaint}`);
  const lines = said.split("\n");
  return lines.length > 1 ? Number(lines[lines.length - 2]) : undefined;
}

const ended = (child: ChildProcess): Promise<unknown> => new Promise((done) => child.once("close", done));

/** The state of a file, all of which was looked at. */
function stateIn(view: View, { check }: Program): number {
  const state = stateOf(view);
  check(view, state);
  return state;
}

/** What was found of a file whose last announced state is `announced`; whether it can be gone on with. */
function judge(path: string, title: string, which: Program, announced: number | undefined, counts: Counts): boolean {
  const allowed = (state: number): boolean =>
    announced === undefined ? state === 0 : state === announced || state === announced + 1;
  try {
    // A copy: libhdf5 must not find the journal either.
    const copy = join(folder, "copy.h5");
    if (existsSync(path)) {
      copyFileSync(path, copy);
      const theirs = byLibhdf5(copy, (view) => stateIn(view, which));
      if (theirs === "refused") counts.refused++;
      else if (allowed(theirs)) counts.given++;
      else throw new Error(`libhdf5 finds the state ${theirs}`);
    }
    if (announced === undefined && (!existsSync(path) || unmade(path))) {
      counts.unmade++;
      return false;
    }
    const state = byH5ts(path, (view) => stateIn(view, which));
    if (!allowed(state)) throw new Error(`h5ts finds the state ${state}`);
    if (state === announced) counts.last++;
    else counts.next++;
    return true;
  } catch (error) {
    counts.lost.push(`${title}: announced ${announced}: ${String(error)}`);
    return false;
  }
}

/** No superblock is there yet. */
function unmade(path: string): boolean {
  try {
    byH5ts(path, () => undefined);
    return false;
  } catch (error) {
    return (error as { name?: unknown }).name === "FormatError";
  }
}

describe("processes that are killed while they write", () => {
  const names = Object.keys(PROGRAMS);
  it.each(names.map((name, i) => [name, i] as const))("%s", { timeout: HOUR }, async (name, i) => {
    const which = PROGRAMS[name] as Program;
    const random = randomOf(1000 + i);
    const counts: Counts = { kills: 0, last: 0, next: 0, unmade: 0, refused: 0, given: 0, lost: [] };
    const path = join(folder, `${name}.h5`);
    let lives = 0;
    let libver = "earliest";
    /** What was announced before: a process that is killed at its start says nothing. */
    let announced: number | undefined;
    for (; counts.kills < Math.ceil(KILLS / names.length); counts.kills++) {
      if (lives === 0) {
        rmSync(path, { force: true });
        libver = random.below(2) === 0 ? "earliest" : "latest";
        announced = undefined;
      }
      const mode = `${lives === 0 ? "w" : "r+"}${random.below(2) === 0 ? "!" : ""}`;
      const title = `${name} ${mode} ${libver}, kill ${counts.kills}`;
      const said = await live([name, path, mode, libver, "process"], random.below(SPAN), random.below(5) === 0);
      announced = said ?? announced;
      const good = judge(path, title, which, announced, counts);
      if (good) announced = byH5ts(path, stateOf);
      lives = good && lives + 1 < LIVES && statSync(path).size < 2e7 ? lives + 1 : 0;
    }
    console.log(`${name}: ${tell(counts)}`);
    expect(counts.lost).toEqual([]);
    expect(counts.last + counts.next).toBeGreaterThan(counts.kills / 4);
  });
});
