/** Locks by `flock(2)`, which the reference library takes: exclusive for writing, shared for reading. They go with the process. */
import { LockedError, StorageError } from "../../errors.ts";
import { fileSystem, nativeFlock } from "../platform.ts";
import type { Locking } from "./locking.ts";
import type { Access } from "./open-files.ts";

const LOCK_SHARED = 1;
const LOCK_EXCLUSIVE = 2;
const LOCK_NOT_BLOCKING = 4;

/** What file systems say that cannot lock. */
const UNABLE: ReadonlySet<string> = new Set(["ENOSYS", "ENOTSUP", "EOPNOTSUPP", "ENOLCK", "EINVAL"]);

/**
 * Locks an open file where `flock` can be called, and else looks whether another has (Linux tells). The lock goes when the file is closed. LockedError where another program
 * excludes it; StorageError where the file system has no locks and `locking` is `true`.
 */
export function lockByFlock(fd: number, access: Access, label: string, locking: Locking): void {
  const flock = nativeFlock();
  if (flock === undefined) {
    const holder = holderOf(fd, access);
    if (holder !== undefined) throw locked(label, holder);
    return;
  }
  const error = flock(fd, (access === "write" ? LOCK_EXCLUSIVE : LOCK_SHARED) | LOCK_NOT_BLOCKING);
  if (error === undefined) return;
  if (error === "EWOULDBLOCK" || error === "EAGAIN") throw locked(label, holderOf(fd, access));
  if (locking === "best-effort" && UNABLE.has(error)) return;
  throw new StorageError(`cannot lock ${label}`, {
    found: error,
    allowed: 'a file system with locks, or the option locking: "best-effort"',
  });
}

function locked(label: string, holder: string | undefined): LockedError {
  const by = holder === undefined || holder === "0" ? "another program" : `process ${holder}`;
  return new LockedError(`${label} is locked by ${by}, which has it open`);
}

/** The process that excludes an access, as far as Linux tells. */
function holderOf(fd: number, access: Access): string | undefined {
  const fs = fileSystem();
  let table: string;
  try {
    table = fs.readFileSync("/proc/locks", "utf8");
  } catch {
    return undefined;
  }
  const { dev, ino } = fs.fstatSync(fd);
  for (const line of table.split("\n")) {
    // 1: FLOCK  ADVISORY  WRITE 7844 fe:00:9995632 0 EOF
    const found = /FLOCK\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/.exec(line);
    if (found === null) continue;
    const [, kind, pid, major, minor, inode] = found;
    const same = Number(inode) === ino && isDevice(dev, Number.parseInt(major, 16), Number.parseInt(minor, 16));
    if (same && (access === "write" || kind === "WRITE")) return pid;
  }
  return undefined;
}

/** Device numbers as Linux packs them. */
const isDevice = (dev: number, major: number, minor: number): boolean =>
  dev % 2 ** 32 === (((major & 0xfff) << 8) | (minor & 0xff) | ((minor & ~0xff) << 12)) >>> 0;
