/** Files that cannot be written: by permission, for want of space, beyond what a file may be. Errors are typed, and the file is as at the last commit. */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSync, isH5Error, openSync } from "h5ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-disk-"));
  path = join(folder, "a.h5");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;

/** As a user who may do nothing but what is allowed to all. */
function asNobody<T>(action: () => T): T {
  if (!isRoot) return action();
  process.seteuid?.(NOBODY);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}

function make(): void {
  const file = openSync(path, "w");
  file.createDataset("x", { data: Int32Array.of(1, 2, 3) });
  file.close();
}

const valuesOf = (at: string): number[] => {
  const file = openSync(at);
  try {
    return [...(file.dataset("x", "i4").read().data as Int32Array)];
  } finally {
    file.close();
  }
};

const refusal = (message: RegExp): unknown =>
  expect.objectContaining({ name: "StorageError", message: expect.stringMatching(message), cause: expect.anything() });

describe("permission", () => {
  it("to write the file", () => {
    make();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o444);
    for (const mode of ["r+", "a", "w"] as const) {
      expect(() => asNobody(() => openSync(path, mode))).toThrow(refusal(/a\.h5: permission denied/));
    }
    expect(asNobody(() => valuesOf(path))).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(["a.h5"]);
  });

  it("to read it", () => {
    make();
    chmodSync(folder, 0o755);
    chmodSync(path, isRoot ? 0o600 : 0);
    expect(() => asNobody(() => openSync(path))).toThrow(refusal(/a\.h5: permission denied/));
  });

  it("to make a file in the folder", () => {
    chmodSync(folder, 0o555);
    if (isRoot) chownSync(folder, 0, 0);
    for (const mode of ["w", "x", "a"] as const) {
      expect(() => asNobody(() => openSync(path, mode))).toThrow(refusal(/a\.h5: permission denied/));
    }
    chmodSync(folder, 0o755);
  });

  it("to make lock and journal beside it", () => {
    make();
    chmodSync(path, 0o666);
    chmodSync(folder, 0o555);
    expect(() => asNobody(() => openSync(path, "r+"))).toThrow(refusal(/a\.h5\.lock.*permission denied/));
    asNobody(() => {
      const file = openSync(path, "r+", { locking: false });
      file.dataset("x", "i4").write(Int32Array.of(7, 8, 9));
      expect(() => file.flush()).toThrow(refusal(/a\.h5\.journal: permission denied/));
      expect(() => file.keys()).toThrow(expect.objectContaining({ name: "ClosedError" }));
      file.close();
    });
    expect(valuesOf(path)).toEqual([1, 2, 3]);
    asNobody(() => {
      const file = openSync(path, "r+", { locking: false, durability: "none" });
      file.dataset("x", "i4").write(Int32Array.of(7, 8, 9));
      file.close();
    });
    chmodSync(folder, 0o755);
    expect(valuesOf(path)).toEqual([7, 8, 9]);
  });
});

/** Whether a small disk can be had. */
function canMount(): boolean {
  const disk = mkdtempSync(join(tmpdir(), "h5ts-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], { stdio: "ignore" });
    execFileSync("umount", [disk]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(disk, { recursive: true });
  }
}

/** In the required run it must be so. */
const whereMounting = process.env.CI === "true" || canMount() ? it : it.skip;

/** Appends until that fails; what h5ts said then, and how many rows were flushed. */
const FILL = `
  import { openSync, isH5Error } from "h5ts";
  const file = openSync(process.argv[1], "r+");
  const rows = file.dataset("rows", "f8");
  const batch = Float64Array.from({ length: 5000 }, (_, i) => i);
  let done = 0;
  const answer = { errors: [] };
  for (let i = 0; i < 100000; i++) {
    try {
      rows.append(batch);
      file.dataset("x", "i4").write(Int32Array.of(i, i, i));
      file.flush();
      done++;
    } catch (error) {
      answer.errors.push([isH5Error(error) ? error.name : "foreign", String(error)]);
      if (answer.errors.length === 2) break;
    }
  }
  try { file.close(); } catch (error) { answer.errors.push([error.name, String(error)]); }
  console.log(JSON.stringify({ ...answer, done }));
`;

interface Filled {
  readonly errors: readonly (readonly [name: string, message: string])[];
  readonly done: number;
}

function fill(at: string, limit = ""): Filled {
  const command = `${limit} exec "$0" --conditions=h5ts-source --import tsx --input-type=module -e "$1" "$2"`;
  const root = new URL("../..", import.meta.url);
  return JSON.parse(
    execFileSync("sh", ["-c", command, process.execPath, FILL, at], { cwd: root, encoding: "utf8" }),
  ) as Filled;
}

function makeRows(at: string): void {
  const file = openSync(at, "w");
  file.createDataset("x", { data: Int32Array.of(-1, -1, -1) });
  file.createDataset("rows", { shape: [0], maxShape: [null], chunks: [3000], dtype: "f8" });
  file.close();
}

function checkFilled(at: string, { errors, done }: Filled, message: RegExp): void {
  expect(errors[0]).toEqual(["StorageError", expect.stringMatching(message)]);
  for (const [name] of errors) expect(["StorageError", "ClosedError"]).toContain(name);
  expect(done).toBeGreaterThan(0);
  const file = openSync(at);
  const rows = file.dataset("rows", "f8");
  const [first] = file.dataset("x", "i4").read().data;
  const batches = rows.size / 5000;
  // The last flush, or the one that failed behind its point of no return.
  expect([done, done + 1]).toContain(batches);
  expect(first).toBe(batches - 1);
  const { data } = rows.read();
  expect(data.findIndex((value, i) => value !== i % 5000)).toBe(-1);
  file.close();
  expect(checkSync(at).faults).toEqual([]);
}

describe("space", () => {
  whereMounting("on the disk (needs the right to mount one)", () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
    try {
      const at = join(disk, "a.h5");
      makeRows(at);
      const ballast = join(disk, "ballast");
      writeFileSync(ballast, new Uint8Array(200_000));
      checkFilled(at, fill(at), /no space is left on the disk/);
      rmSync(ballast);
      const file = openSync(at, "r+");
      file.delete("rows");
      file.close();
      expect(existsSync(`${at}.journal`)).toBe(false);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("that a file may take", () => {
    makeRows(path);
    checkFilled(path, fill(path, "ulimit -f 3000;"), /larger than a file may be/);
  });
});

it("errors are of h5ts", () => {
  try {
    openSync(join(folder, "none", "a.h5"), "w");
    expect.unreachable();
  } catch (error) {
    expect(isH5Error(error, "NotFoundError")).toBe(true);
  }
});
