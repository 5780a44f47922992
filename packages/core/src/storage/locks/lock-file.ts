/**
 * A lock that every program of ours sees, with `flock` or without: the file `<file>.lock`, made by who writes, which tells who that is. One that a
 * process left behind is taken over only when the process is gone for certain.
 */
import { LockedError } from "../../errors.ts";
import { isAbsent, storageError } from "../node-errors.ts";
import { fileSystem } from "../platform.ts";
import { type Holder, isGone, parseHolder, thisHolder } from "./holder.ts";

/** Milliseconds between two signs of life, at least. */
const BEAT = 5000;

export interface LockFile {
  /** Tells that the holder lives; called now and then while it writes. */
  beat(): void;
  release(): void;
}

/** LockedError where another process has made it; StorageError where it cannot be made. `path` is that of the file to be locked, without symbolic links. */
export function makeLockFile(path: string, label: string): LockFile {
  const lock = `${path}.lock`;
  const text = `${JSON.stringify(thisHolder())}\n`;
  for (let tries = 0; !made(lock, text); tries++) {
    const found = heldBy(lock);
    // Gone meanwhile: try again, but not for ever.
    if (found === undefined && tries < 10) continue;
    if (tries < 10 && found?.holder !== undefined && isGone(found.holder) && removed(lock, found.text)) continue;
    throw locked(label, lock, found);
  }
  let last = Date.now();
  return {
    beat() {
      const now = Date.now();
      if (now - last < BEAT) return;
      last = now;
      touch(lock, now);
    },
    release: () => void removed(lock, text),
  };
}

/** LockedError where a process that may live has made the lock file of a file that is to be read. */
export function checkLockFile(path: string, label: string): void {
  const lock = `${path}.lock`;
  const found = heldBy(lock);
  if (found !== undefined && !(found.holder !== undefined && isGone(found.holder))) throw locked(label, lock, found);
}

interface Found {
  readonly text: string;
  readonly holder: Holder | undefined;
  /** Milliseconds since the last sign of life. */
  readonly silent: number;
}

function heldBy(lock: string): Found | undefined {
  const fs = fileSystem();
  try {
    const text = fs.readFileSync(lock, "utf8");
    return { text, holder: parseHolder(text), silent: Date.now() - fs.statSync(lock).mtimeMs };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storageError(`read ${lock}`, error);
  }
}

function locked(label: string, lock: string, found: Found | undefined): LockedError {
  const { holder, silent = 0 } = found ?? {};
  const who =
    holder === undefined ? "another program" : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  const seconds = Math.round(silent / 1000);
  return new LockedError(`${label} is being changed by ${who}`, {
    found: `${lock}, whose last sign of life was ${seconds} s ago`,
    allowed: "a file that no one changes; if that process is gone for certain, remove the lock file",
  });
}

/** Makes the file with its text at once, so that no one sees it without; false where it is there. */
function made(lock: string, text: string): boolean {
  const fs = fileSystem();
  const draft = `${lock}.${thisHolder().pid}`;
  try {
    fs.writeFileSync(draft, text, { flag: "w" });
    try {
      fs.linkSync(draft, lock);
    } finally {
      fs.unlinkSync(draft);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (LINKLESS.has(codeOf(error))) return madeWithoutLinks(lock, text);
    throw storageError(`make ${lock}, which locks the file`, error);
  }
}

/** What file systems without hard links say. */
const LINKLESS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

function madeWithoutLinks(lock: string, text: string): boolean {
  try {
    fileSystem().writeFileSync(lock, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw storageError(`make ${lock}, which locks the file`, error);
  }
}

/** Removes a lock file, if it is still the one that has this text: between two who take it over, one has made another already. */
function removed(lock: string, text: string): boolean {
  const fs = fileSystem();
  const aside = `${lock}.${thisHolder().pid}.old`;
  try {
    fs.renameSync(lock, aside);
    const same = fs.readFileSync(aside, "utf8") === text;
    if (!same) fs.linkSync(aside, lock);
    fs.unlinkSync(aside);
    return same;
  } catch (error) {
    if (isAbsent(error) || codeOf(error) === "EEXIST") return false;
    throw storageError(`remove ${lock}`, error);
  }
}

function touch(lock: string, now: number): void {
  try {
    fileSystem().utimesSync(lock, now / 1000, now / 1000);
  } catch (error) {
    // Whoever removed it has taken the blame; the next writer will find none.
    if (!isAbsent(error)) throw storageError(`renew ${lock}`, error);
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);
