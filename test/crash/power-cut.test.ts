/**
 * The power goes at every moment of ten scenarios, at durability `"disk"`: of what was written since the last sync any part may be lost, or torn
 * at 512 bytes. h5ts must find the last commit, or the one that was being made; libhdf5, opening the same file first, refuses or finds one of these.
 * All subsets up to six sectors, 200 seeded ones otherwise; `H5TS_SCALE` takes a part of those.
 */
import { createHash } from "node:crypto";
import { openSync } from "h5ts";
import { afterAll, describe, expect, it } from "vitest";
import { Disk, PowerCut } from "../../packages/core/test/support/power-cut.ts";
import { randomOf } from "../malformed/random.ts";
import { digestByH5ts } from "./digest.ts";
import { Libhdf5 } from "./libhdf5.ts";
import { PART } from "./part.ts";
import { type File, SCENARIOS, type Scenario } from "./scenarios.ts";

const HOUR = 3_600_000;
const SUBSETS = Math.ceil(200 * PART);
const NAME = "f";
type Files = ReadonlyMap<string, Uint8Array>;
type Libver = "earliest" | "latest";

const libhdf5 = new Libhdf5();
afterAll(() => libhdf5.close());

interface Counts {
  cuts: number;
  /** Different states of the disk that were looked at. */
  states: number;
  last: number;
  next: number;
  /** There was no commit yet, and none was found. */
  unmade: number;
  refused: number;
  given: number;
  readonly lost: string[];
}

const tell = ({ cuts, states, last, next, unmade, refused, given, lost }: Counts): string =>
  `${cuts} cuts, ${states} states of the disk: last commit seen ${last}, commit being made seen ${next}, not made yet ${unmade}; ` +
  `refused by libhdf5 ${refused}, right by libhdf5 ${given}; wrong ${lost.length}`;

/** A disk with the file that a scenario begins with. */
function beginning({ begin, foreign }: Scenario, libver: Libver): Map<string, Uint8Array> {
  const disk = new Disk();
  if (foreign !== undefined) return new Map([[NAME, foreign()]]);
  if (begin === undefined) return new Map([[NAME, new Uint8Array(0)]]);
  disk.put(NAME, new Uint8Array(0));
  const file = openSync(disk.open(NAME), "w", { libver, durability: "disk" });
  begin(file);
  file.close();
  return disk.after(() => true);
}

const diskOf = (files: Files): Disk => {
  const disk = new Disk();
  for (const [name, bytes] of files) disk.put(name, bytes);
  return disk;
};

/** Runs a scenario until it ends, or the power goes at operation `n`; how many commits were done. */
function run(
  { changes, begin, foreign }: Scenario,
  disk: Disk,
  libver: Libver,
  n: number,
  done: (commits: number) => void,
): boolean {
  disk.cutAfter = n;
  try {
    const isNew = begin === undefined && foreign === undefined;
    const file: File = openSync(disk.open(NAME), isNew ? "w" : "r+", { libver, durability: "disk" });
    changes.forEach((change, i) => {
      change(file);
      file.flush();
      done(i + 1);
    });
    file.close();
    return true;
  } catch (error) {
    for (let cause: unknown = error; cause !== undefined; cause = (cause as Error).cause) {
      if (cause instanceof PowerCut) return false;
    }
    throw error;
  }
}

function seenByH5ts(files: Files): string | undefined {
  let file: File;
  try {
    file = openSync(diskOf(files).open(NAME));
  } catch (error) {
    if ((error as { name?: unknown }).name === "FormatError") return undefined;
    throw error;
  }
  return digestByH5ts(file);
}

const seenByLibhdf5 = (files: Files): Promise<string | undefined> => libhdf5.look(files.get(NAME) ?? new Uint8Array(0));

/** What both libraries see of each commit, where the power never goes. */
async function commitsOf(scenario: Scenario, base: Files, libver: Libver): Promise<(string | undefined)[]> {
  const disk = diskOf(base);
  const states: Files[] = [base];
  run(scenario, disk, libver, Infinity, () => {
    states.push(new Map([...disk.files].map(([name, storage]) => [name, storage.toUint8Array().slice()])));
  });
  const seen: (string | undefined)[] = [];
  for (const state of states) {
    seen.push(seenByH5ts(state));
    expect(await seenByLibhdf5(state)).toBe(seen.at(-1));
  }
  expect(new Set(seen).size).toBe(scenario.changes.length + 1);
  return seen;
}

/** The states in which a disk may be found: each subset of the sectors, or some of them. */
function* found(disk: Disk, seed: number): Generator<Files> {
  const sectors = new Map<string, number>();
  // Which sectors there are shows when all are kept.
  disk.after((i, sector) => {
    const key = `${i}.${sector}`;
    if (!sectors.has(key)) sectors.set(key, sectors.size);
    return true;
  });
  const place = (i: number, sector: number): number => sectors.get(`${i}.${sector}`) ?? 0;
  if (sectors.size <= 6) {
    for (let bits = 0; bits < 2 ** sectors.size; bits++)
      yield disk.after((i, sector) => ((bits >> place(i, sector)) & 1) === 1);
    return;
  }
  yield disk.after(() => true);
  yield disk.after(() => false);
  const random = randomOf(seed);
  for (let k = 0; k < SUBSETS; k++) {
    // Whole writes lost, or sectors of them; many lost, or few.
    const odds = [2, 5, 8][random.below(3)] as number;
    const whole = random.below(3) === 0;
    const kept = new Map<number, boolean>();
    yield disk.after((i, sector) => {
      const key = whole ? i : place(i, sector);
      if (!kept.has(key)) kept.set(key, random.below(10) < odds);
      return kept.get(key) as boolean;
    });
  }
}

async function judge(
  files: Files,
  commits: readonly (string | undefined)[],
  done: number,
  title: string,
  counts: Counts,
): Promise<void> {
  try {
    const theirs = await seenByLibhdf5(files);
    const allowed = [commits[done], commits[done + 1]];
    if (theirs === undefined) counts.refused++;
    else if (allowed.includes(theirs)) counts.given++;
    else throw new Error(`libhdf5 finds other values`);
    const ours = seenByH5ts(files);
    if (!allowed.includes(ours)) throw new Error(ours === undefined ? "h5ts finds no file" : "h5ts finds other values");
    if (ours === undefined) counts.unmade++;
    else if (ours === commits[done]) counts.last++;
    else counts.next++;
  } catch (error) {
    counts.lost.push(`${title}: ${String(error)}`);
  }
}

const hashOf = (files: Files): string => {
  const hash = createHash("sha1");
  for (const [name, bytes] of files) hash.update(`${name} ${bytes.length} `).update(bytes);
  return hash.digest("hex");
};

/** Cuts the power at each operation; looks at the states that the disk may be left in. */
async function cutAll(
  scenario: Scenario,
  base: Files,
  libver: Libver,
  commits: readonly (string | undefined)[],
  counts: Counts,
): Promise<void> {
  const looked = new Set<string>();
  for (let n = 0, ended = false; !ended; n++) {
    const disk = diskOf(base);
    let done = 0;
    ended = run(scenario, disk, libver, n, (commit) => {
      done = commit;
    });
    counts.cuts++;
    for (const files of found(disk, n)) {
      const key = `${done} ${hashOf(files)}`;
      if (looked.has(key)) continue;
      looked.add(key);
      counts.states++;
      await judge(files, commits, done, `${libver}, cut ${n}, commit ${done}`, counts);
    }
  }
}

const noCounts = (): Counts => ({ cuts: 0, states: 0, last: 0, next: 0, unmade: 0, refused: 0, given: 0, lost: [] });

describe("a power cut leaves the last commit or the next", () => {
  it.each(Object.entries(SCENARIOS))("%s", { timeout: HOUR }, async (name, scenario) => {
    const counts = noCounts();
    for (const libver of ["earliest", "latest"] as const) {
      if (scenario.foreign !== undefined && libver === "latest") continue;
      const base = beginning(scenario, libver);
      await cutAll(scenario, base, libver, await commitsOf(scenario, base, libver), counts);
    }
    console.log(`${name}: ${tell(counts)}`);
    expect(counts.lost).toEqual([]);
    expect(counts.last).toBeGreaterThan(0);
    expect(counts.next).toBeGreaterThan(0);
  });

  it("also while what another cut left behind is recovered", { timeout: HOUR }, async () => {
    const scenario = SCENARIOS["overwriting in place"] as Scenario;
    const base = beginning(scenario, "latest");
    const commits = await commitsOf(scenario, base, "latest");
    const counts = noCounts();
    for (let n = 0, ended = false; !ended; n++) {
      const first = diskOf(base);
      let done = 0;
      ended = run(scenario, first, "latest", n, (commit) => {
        done = commit;
      });
      const [left] = [...found(first, n)].slice(-1);
      if (left?.get(`${NAME}.journal`) === undefined) continue;
      const seen = seenByH5ts(left);
      expect(seen === commits[done] || seen === commits[done + 1]).toBe(true);
      await recover(left, n, [seen, seen], counts);
    }
    console.log(`recovery: ${tell(counts)}`);
    expect(counts.lost).toEqual([]);
    expect(counts.last).toBeGreaterThan(0);
  });
});

/** Cuts the power at each operation of opening a file to be changed. */
async function recover(
  left: Files,
  seed: number,
  commits: readonly (string | undefined)[],
  counts: Counts,
): Promise<void> {
  for (let n = 0, ended = false; !ended; n++) {
    const disk = diskOf(left);
    ended = run({ changes: [], begin() {} }, disk, "latest", n, () => {});
    counts.cuts++;
    for (const files of [...found(disk, seed + n)].slice(0, 12)) {
      counts.states++;
      await judge(files, commits, 0, `recovery, cut ${seed}, then ${n}`, counts);
    }
  }
}
