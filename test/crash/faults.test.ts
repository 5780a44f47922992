/**
 * Storages that fail at each of their calls while a file is changed, once or from then on: errors are of h5ts; after a commit that failed nothing can be done
 * but close, and the file is at a commit; after a change that failed it is whole. `H5TS_SCALE` takes a part of the calls.
 */
import { checkSync, type H5File, isH5Error, isHdf5Sync, open, openSync } from "h5ts";
import * as h5wasm from "h5wasm/node";
import { beforeAll, describe, expect, it } from "vitest";
import { faultyWrites, type WriteFaults } from "../../packages/core/src/storage/faulty-writes.ts";
import { Disk } from "../../packages/core/test/support/power-cut.ts";
import { ownFile } from "../support/own-file.ts";
import { digestByH5ts, digestByLibhdf5 } from "./digest.ts";
import { PART } from "./part.ts";
import { PROGRAMS } from "./programs.ts";
import { SCENARIOS } from "./scenarios.ts";

const HOUR = 3_600_000;
const NAME = "f";
const FOUND = ownFile("faults.h5");
/** Every so many calls fail in turn. */
const STRIDE = Math.max(1, Math.round(0.5 / PART));

let FS: { writeFile(path: string, bytes: Uint8Array): void };
beforeAll(async () => {
  const library = (await h5wasm.ready) as unknown as { FS: typeof FS; activate_throwing_error_handler(): void };
  library.activate_throwing_error_handler();
  FS = library.FS;
});

type File = H5File<"sync"> | H5File<"async">;
type Change = (file: File) => unknown;

interface Trial {
  readonly base: () => Promise<Uint8Array>;
  readonly mode: "w" | "r+";
  readonly changes: readonly Change[];
  readonly open: (storage: ReturnType<typeof faultyWrites>["storage"], mode: "w" | "r+") => File | Promise<File>;
}

/** The scenarios of the power cut in sync mode, the programs that are killed in async mode. */
const TRIALS: Readonly<Record<string, Trial>> = {
  ...Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, { begin, foreign, changes }]): [string, Trial] => [
      name,
      {
        base: async () => foreign?.() ?? (begin ? made(begin as Change) : new Uint8Array(0)),
        mode: begin || foreign ? "r+" : "w",
        changes: changes as readonly Change[],
        open: (storage, mode) => openSync(storage, mode, { libver: "latest" }),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, { begin, step }]): [string, Trial] => [
      `${name}, async`,
      {
        base: () => made(begin as Change),
        mode: "r+",
        changes: [1, 2].map((s) => (file: File) => step(file as H5File<"async">, s)),
        open: (storage, mode) => open(storage, mode, { libver: "earliest" }),
      },
    ]),
  ),
};

async function made(begin: Change): Promise<Uint8Array> {
  const disk = diskOf(new Uint8Array(0));
  const file = openSync(disk.open(NAME), "w", { libver: "latest" });
  await begin(file);
  file.close();
  return bytesOf(disk);
}

interface Counts {
  runs: number;
  /** Failures of changes, of commits, of opening. */
  changes: number;
  commits: number;
  openings: number;
  /** Found: the last commit, the one being made, or some of the changes on the way to it. */
  last: number;
  next: number;
  between: number;
  readonly wrong: string[];
}

const bytesOf = (disk: Disk): Uint8Array => disk.files.get(NAME)?.toUint8Array().slice() ?? new Uint8Array(0);

/** What h5ts sees, once the file is found to be whole; `undefined` where there is none. */
function seen(disk: Disk): string | undefined {
  if (!isHdf5Sync(disk.open(NAME))) return undefined;
  const { faults } = checkSync(disk.open(NAME));
  if (faults.length > 0) throw new Error(`is not whole: ${faults.join("; ")}`);
  const file = openSync(disk.open(NAME));
  const digest = digestByH5ts(file);
  FS.writeFile(FOUND, bytesOf(disk));
  let theirs: h5wasm.File;
  try {
    theirs = new h5wasm.File(FOUND, "r");
  } catch {
    return digest;
  }
  try {
    if (digestByLibhdf5(theirs) !== digest) throw new Error("libhdf5 finds other values");
  } finally {
    theirs.close();
  }
  return digest;
}

/** How far it came: commits that were done, and where it failed. */
interface Course {
  done: number;
  failed?: "opening" | "change" | "commit";
}

/** Runs a trial on a storage that may fail; errors must be those of h5ts. */
async function run(trial: Trial, disk: Disk, faults: WriteFaults): Promise<Course> {
  const { storage } = faultyWrites(disk.open(NAME), faults);
  const course: Course = { done: 0, failed: "opening" };
  let file: File | undefined;
  try {
    file = await trial.open(storage, trial.mode);
    for (const change of trial.changes) {
      course.failed = "change";
      await change(file);
      course.failed = "commit";
      await file.flush();
      course.done++;
    }
    delete course.failed;
  } catch (error) {
    if (!isH5Error(error)) throw error;
    expect(error.message).toMatch(/told/);
    if (course.failed === "commit") await refusesAll(file as H5File<"sync">);
  }
  faults.at = Infinity;
  await closed(file, course);
  // It let go of the storage, whatever happened.
  if (isHdf5Sync(storage)) openSync(storage, "r+").close();
  return course;
}

/** Closing tells of changes that are lost, unless a commit that failed has told of them. */
async function closed(file: File | undefined, { failed }: Course): Promise<void> {
  try {
    await file?.close();
  } catch (error) {
    if (failed !== "change" || !isH5Error(error, "ClosedError")) throw error;
    expect(error.message).toMatch(/half-way.*told/);
  }
}

/** After a commit that failed, every call says so, and names the first cause. */
async function refusesAll(file: H5File<"sync">): Promise<void> {
  const calls = [
    () => file.flush(),
    () => file.createGroup("late"),
    () => file.attrs.set("late", 1),
    () => file.keys(),
  ];
  for (const call of calls) {
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(isH5Error(error, "ClosedError"), String(error)).toBe(true);
    expect(String((error as Error).cause)).toMatch(/told/);
  }
}

describe("storages that fail at each call", () => {
  it.each(Object.entries(TRIALS))("%s", { timeout: HOUR }, async (name, trial) => {
    const base = await trial.base();
    const commits = [seen(diskOf(base))];
    const whole = diskOf(base);
    const file = await trial.open(faultyWrites(whole.open(NAME), { at: Infinity }).storage, trial.mode);
    for (const change of trial.changes) {
      await change(file);
      await file.flush();
      commits.push(seen(whole));
    }
    await file.close();
    const counts: Counts = { runs: 0, changes: 0, commits: 0, openings: 0, last: 0, next: 0, between: 0, wrong: [] };
    for (const kind of [{}, { count: 1 }, { torn: true }]) {
      for (let at = 0, failed = true; failed; at += STRIDE) {
        const disk = diskOf(base);
        const course = await run(trial, disk, { at, ...kind });
        failed = course.failed !== undefined;
        counts.runs++;
        judge(disk, course, commits, `${JSON.stringify(kind)} at ${at}`, counts);
      }
    }
    const { wrong, ...figures } = counts;
    console.log(`${name}: ${JSON.stringify(figures)}, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(counts.commits).toBeGreaterThan(0);
  });
});

function diskOf(bytes: Uint8Array): Disk {
  const disk = new Disk();
  disk.put(NAME, bytes);
  return disk;
}

function judge(
  disk: Disk,
  { done, failed }: Course,
  commits: readonly (string | undefined)[],
  title: string,
  counts: Counts,
): void {
  if (failed === "opening") counts.openings++;
  else if (failed === "change") counts.changes++;
  else if (failed === "commit") counts.commits++;
  try {
    const found = seen(disk);
    if (found === commits[done]) counts.last++;
    else if (found === commits[done + 1]) counts.next++;
    else if (failed === "change") counts.between++;
    else throw new Error("is at no commit");
  } catch (error) {
    counts.wrong.push(`${title}, ${failed} after commit ${done}: ${String(error)}`);
  }
}
