/** Who holds a lock: a process, described so that others can tell for certain whether it is gone. */
import { type FileSystem, fileSystem, processes } from "../platform.ts";

export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Since when it holds the lock: ISO 8601. */
  readonly since: string;
  /** Linux: which run of the machine, which space of process numbers, and when in that run the process began. */
  readonly boot?: string;
  readonly space?: string;
  readonly start?: string;
}

/** This process, as others will see it. */
export function thisHolder(): Holder {
  const { pid, host } = processes();
  return { host, pid, since: new Date().toISOString(), ...machine(), ...present({ start: startOf(pid) }) };
}

/** A holder that was written down; `undefined` where it is none. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Holder, unknown>> | null;
    if (typeof value?.host !== "string" || !Number.isSafeInteger(value.pid) || typeof value.since !== "string")
      return undefined;
    const optional = Object.fromEntries(
      (["boot", "space", "start"] as const).flatMap((name) =>
        typeof value[name] === "string" ? [[name, value[name]]] : [],
      ),
    );
    return { host: value.host, pid: value.pid as number, since: value.since, ...optional };
  } catch {
    return undefined;
  }
}

/** Whether the process is gone for certain: not where it runs on another host, or where its number means another process to us. */
export function isGone(holder: Holder): boolean {
  const own = processes();
  if (holder.host !== own.host) return false;
  const { boot, space } = machine();
  if (holder.boot !== boot) return holder.boot !== undefined && boot !== undefined;
  if (holder.space !== space) return false;
  try {
    own.check(holder.pid);
  } catch (error) {
    return (error as { code?: unknown } | null)?.code === "ESRCH";
  }
  // The number may have been given to another process since; one that has ended may still be listed.
  const start = startOf(holder.pid);
  return holder.start !== undefined && (start === "ended" || (start !== undefined && start !== holder.start));
}

function machine(): Pick<Holder, "boot" | "space"> {
  const fs = fileSystem();
  return present({
    boot: attempt(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    space: attempt(() => spaceOf(fs)),
  });
}

/** The name of the space of process numbers that this process is in. */
const spaceOf = (fs: FileSystem): string => String(fs.statSync("/proc/self/ns/pid").ino);

/** When a process began, in ticks since the machine did; `"ended"` if only its parent has yet to learn of its end. */
function startOf(pid: number): string | undefined {
  return attempt(() => {
    const text = fileSystem().readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, and may have spaces in it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : fields[19];
  });
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const present = <T extends Record<string, string | undefined>>(values: T): { [N in keyof T]?: string } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [N in keyof T]?: string };
