/** Locks beside libhdf5: writers of h5ts and of h5py exclude each other, readers share. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openSourceSync, openSourceToWriteSync, type WriteMode } from "@h5ts/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

/** Opens the file in a mode, says so, and waits for the end of its input. */
const HOLD = `
import sys, h5py
f = h5py.File(sys.argv[1], sys.argv[2])
print("open", flush=True)
sys.stdin.read()
f.close()
`;

describeWith("python", "locks beside h5py", (python) => {
  let folder: string;
  let path: string;
  let holder: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "h5ts-locks-"));
    path = join(folder, "a.h5");
    execFileSync(python, ["-c", HOLD, path, "w"], { input: "" });
  });
  afterEach(async () => {
    await letGo();
    rmSync(folder, { recursive: true });
  });

  async function hold(mode: string): Promise<void> {
    const child = spawn(python, ["-c", HOLD, path, mode], { stdio: ["pipe", "pipe", "inherit"] });
    holder = child;
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).toBe("open");
      return;
    }
  }

  async function letGo(): Promise<void> {
    if (holder === undefined) return;
    const ended = new Promise((done) => holder?.once("close", done));
    holder.stdin?.end();
    await ended;
    holder = undefined;
  }

  /** What h5py says of opening the file while we have it. */
  function theirs(mode: string): string {
    try {
      execFileSync(python, ["-c", HOLD, path, mode], { input: "", stdio: ["pipe", "pipe", "pipe"] });
      return "ok";
    } catch (error) {
      return /unable to lock file/.test(String((error as { stderr?: unknown }).stderr)) ? "locked" : String(error);
    }
  }

  function ours(mode: WriteMode | "r"): string {
    try {
      const { storage } = mode === "r" ? openSourceSync(path) : openSourceToWriteSync(path, mode);
      storage.closeSync();
      return "ok";
    } catch (error) {
      return (error as Error).message;
    }
  }

  it("what h5py writes, others do not open; what it reads, others read", async () => {
    await hold("r+");
    const locked = new RegExp(`is locked by process ${holder?.pid}`);
    expect([ours("r"), ours("r+")]).toEqual([expect.stringMatching(locked), expect.stringMatching(locked)]);
    await letGo();
    await hold("r");
    expect(ours("r")).toBe("ok");
    expect(ours("r+")).toMatch(/is locked by process/);
    await letGo();
    expect(ours("r+")).toBe("ok");
  });

  it("what we write, h5py does not open; what we read, it reads", () => {
    const writing = openSourceToWriteSync(path, "r+");
    expect([theirs("r"), theirs("r+")]).toEqual(["locked", "locked"]);
    writing.storage.closeSync();
    const reading = openSourceSync(path);
    expect([theirs("r"), theirs("r+")]).toEqual(["ok", "locked"]);
    reading.storage.closeSync();
    expect(theirs("r+")).toBe("ok");
  });
});
