import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Order } from "../../../test/support/lock-child.ts";
import { closeStorage } from "../../steps/close.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../memory.ts";
import { openSource, openSourceSync, openSourceToWrite, openSourceToWriteSync } from "../open-source.ts";
import { thisHolder } from "./holder.ts";
import type { Locking } from "./locking.ts";

const childPath = fileURLToPath(new URL("../../../test/support/lock-child.ts", import.meta.url));
/** Hides the package `koffi`. */
const WITHOUT_KOFFI = `data:text/javascript,${encodeURIComponent(`
  import module from "node:module";
  const resolve = module._resolveFilename;
  module._resolveFilename = (name, ...rest) => {
    if (name === "koffi") throw new Error("hidden");
    return resolve(name, ...rest);
  };
`)}`;

let folder: string;
let path: string;
let children: Other[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-locks-"));
  path = join(folder, "a.h5");
  writeFileSync(path, "some bytes");
  children = [];
});
afterEach(async () => {
  for (const child of children) await child.kill();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Another process. */
class Other {
  readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  private constructor(koffi: boolean, environment: Record<string, string>) {
    const node = ["--conditions=h5ts-source", ...(koffi ? [] : ["--import", WITHOUT_KOFFI]), "--import", "tsx"];
    this.process = spawn(process.execPath, [...node, childPath], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  static async start(koffi = true, environment: Record<string, string> = {}): Promise<Other> {
    const other = new Other(koffi, environment);
    children.push(other);
    expect(await other.answer()).toEqual({ result: "ready" });
    return other;
  }

  private async answer(): Promise<Answer> {
    return JSON.parse((await this.lines.next()).value as string) as Answer;
  }

  async open(mode: "r" | "r+" | "w", locking: Locking = true): Promise<Answer> {
    return this.ask({ open: [path, mode, locking] });
  }

  async ask(order: Order): Promise<Answer> {
    this.process.stdin!.write(`${JSON.stringify(order)}\n`);
    return this.answer();
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once("close", done));
    this.process.kill("SIGKILL");
    await ended;
  }
}

const mine = (mode: "r" | "r+" | "w", locking: Locking = true): string => {
  try {
    const { storage } =
      mode === "r" ? openSourceSync(path, { locking }) : openSourceToWriteSync(path, mode, { locking });
    runSync(closeStorage(storage));
    return "ok";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("another process", () => {
  it.each([true, false])("that writes excludes all others, and is named (flock: %s)", async (koffi) => {
    const other = await Other.start(koffi);
    expect((await other.open("r+")).result).toBe("ok");
    expect(readFileSync(path, "utf8")).toBe("some bytes");
    const named = new RegExp(`process ${other.process.pid}`);
    for (const mode of ["r", "r+", "w"] as const) expect(mine(mode)).toMatch(named);
    expect(mine("r", false)).toBe("ok");
    expect((await other.ask({ close: true })).result).toBe("ok");
    expect(readdirSync(folder)).toEqual(["a.h5"]);
    for (const mode of ["r", "r+", "w"] as const) expect(mine(mode)).toBe("ok");
  });

  it("without flock sees who has it, and is seen", async () => {
    const [blind, other] = [await Other.start(false), await Other.start()];
    await other.open("r");
    expect(await blind.open("r+")).toMatchObject({
      result: "LockedError",
      message: expect.stringContaining(`process ${other.process.pid}`),
    });
    await other.ask({ close: true });
    expect(await blind.open("r+")).toEqual({ result: "ok" });
    expect((await other.open("r+")).result).toBe("LockedError");
  });

  it("that reads excludes writers only", async () => {
    const other = await Other.start();
    expect((await other.open("r")).result).toBe("ok");
    expect(mine("r")).toBe("ok");
    expect(mine("r+")).toMatch(new RegExp(`is locked by process ${other.process.pid}`));
    expect(readdirSync(folder)).toEqual(["a.h5"]);
    await other.kill();
    expect(mine("r+")).toBe("ok");
  });

  it("that was killed excludes no one; of many who come after it one gets the file", async () => {
    const other = await Other.start(false);
    expect((await other.open("r+")).result).toBe("ok");
    await other.kill();
    expect(existsSync(`${path}.lock`)).toBe(true);
    expect(mine("r")).toBe("ok");
    const heirs = await Promise.all([false, false, true].map((koffi) => Other.start(koffi)));
    const results = await Promise.all(heirs.map((heir) => heir.open("r+")));
    expect(results.map(({ result }) => result).sort()).toEqual(["LockedError", "LockedError", "ok"]);
    const heir = heirs[results.findIndex(({ result }) => result === "ok")];
    expect(JSON.parse(readFileSync(`${path}.lock`, "utf8"))).toMatchObject({ pid: heir?.process.pid });
    await heir?.ask({ close: true });
    expect(readdirSync(folder)).toEqual(["a.h5"]);
  });

  it("is ignored where the environment says so", async () => {
    const other = await Other.start(true, { HDF5_USE_FILE_LOCKING: "FALSE" });
    expect((await other.open("r+")).result).toBe("ok");
    expect(mine("r+")).toBe("ok");
    await other.ask({ close: true });
    const careful = await Other.start(true, { HDF5_USE_FILE_LOCKING: "BEST_EFFORT" });
    expect((await careful.open("r+", false)).result).toBe("ok");
    expect(mine("r+")).toMatch(/process/);
    vi.stubEnv("HDF5_USE_FILE_LOCKING", "FALSE");
    expect(mine("r+")).toBe("ok");
  });
});

describe("a lock file", () => {
  const own = thisHolder();
  const cases: [title: string, text: string, result: RegExp][] = [
    [
      "of another host",
      JSON.stringify({ ...own, host: "elsewhere", pid: 1 }),
      /process 1 on elsewhere since .*remove the lock file/,
    ],
    [
      "of another space of process numbers",
      JSON.stringify({ ...own, space: "1", pid: 2 ** 22 + 1 }),
      /process 4194305 on/,
    ],
    [
      "of a process that lives",
      JSON.stringify({ ...own, pid: process.ppid, start: undefined }),
      /is being changed by process/,
    ],
    ["that says nothing", "{}", /by another program/],
    ["that is no JSON", "", /by another program/],
    ["of a process that is gone", JSON.stringify({ ...own, pid: 2 ** 22 + 1 }), /^ok$/],
    ["of a process whose number another has now", JSON.stringify({ ...own, start: "1" }), /^ok$/],
    ["of an earlier run of the machine", JSON.stringify({ ...own, boot: "another" }), /^ok$/],
  ];
  it.each(cases)("%s", (_, text, result) => {
    expect(own.host).toBe(hostname());
    writeFileSync(`${path}.lock`, text);
    expect(mine("r+")).toMatch(result);
    const kept = String(result) !== String(/^ok$/);
    expect(existsSync(`${path}.lock`)).toBe(kept);
    if (kept) expect(readFileSync(`${path}.lock`, "utf8")).toBe(text);
    expect(mine("r")).toMatch(result);
    expect(readdirSync(folder).length).toBe(kept ? 2 : 1);
  });
});

describe("this process", () => {
  it("excludes itself, whatever the names", async () => {
    symlinkSync("a.h5", join(folder, "link.h5"));
    const writing = openSourceToWriteSync(path, "r+");
    for (const name of [path, join(folder, "link.h5")]) {
      await expect(openSourceToWrite(name, "r+")).rejects.toMatchObject({ name: "LockedError" });
      await expect(openSource(name)).rejects.toThrow(/is being changed by this program/);
    }
    expect(mine("r", false)).toBe("ok");
    expect(mine("r+", false)).toMatch(/this program/);
    writing.storage.closeSync();
    const reading = [openSourceSync(path), openSourceSync(path)];
    reading[0]?.storage.closeSync();
    reading[0]?.storage.closeSync();
    expect(mine("r+")).toMatch(/is being read by this program/);
    reading[1]?.storage.closeSync();
    expect(mine("r+")).toBe("ok");
  });

  it("opens one file at a time in a storage, to change it", async () => {
    const memory = new MemoryStorage();
    const first = openSourceToWriteSync(memory, "w");
    await expect(openSourceToWrite(memory, "r+")).rejects.toMatchObject({ name: "LockedError" });
    first.storage.writeSync([{ at: 0, bytes: Uint8Array.of(1, 2) }]);
    expect(memory.toUint8Array()).toEqual(Uint8Array.of(1, 2));
    first.storage.closeSync();
    const second = await openSourceToWrite(memory, "a");
    expect(second.isNew).toBe(false);
    await ("close" in second.storage ? second.storage.close() : undefined);
  });
});
