/** Locks on files of the disk: within this program, by `flock` where that can be had, and by a lock file beside what is written. */
import { fileSystem, paths } from "../platform.ts";
import { lockByFlock } from "./flock.ts";
import { checkLockFile, type LockFile, makeLockFile } from "./lock-file.ts";
import { type Locking, lockingOf } from "./locking.ts";
import { type Access, OpenFiles, once } from "./open-files.ts";

export interface NodeLock {
  /** Tells that the holder lives; called now and then while it writes. */
  beat(): void;
  /** Lets go of it; the descriptor is closed after that. */
  release(): void;
}

const open = new OpenFiles<string>(new Map());

/** Locks a file that is open as `fd`. LockedError, which names the holder as far as that is known, where another excludes this access. */
export function lockNodeFile(fd: number, path: string, access: Access, option: Locking | undefined): NodeLock {
  const locking = lockingOf(option);
  const { dev, ino } = fileSystem().fstatSync(fd);
  // Two writers would spoil the file: of one program, they exclude each other whatever the option says.
  if (locking === false && access === "read") return { beat() {}, release() {} };
  const release = open.take(`${dev}:${ino}`, access, path);
  try {
    const file = locking === false ? undefined : lockAgainstOthers(fd, path, access, locking);
    return {
      beat: () => file?.beat(),
      release: once(() => {
        release();
        file?.release();
      }),
    };
  } catch (error) {
    release();
    throw error;
  }
}

function lockAgainstOthers(fd: number, path: string, access: Access, locking: Locking): LockFile | undefined {
  lockByFlock(fd, access, path, locking);
  const real = fileSystem().realpathSync.native(paths().resolve(path));
  if (access === "write") return makeLockFile(real, path);
  checkLockFile(real, path);
  return undefined;
}
