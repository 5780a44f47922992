/** What this program has open itself: one writer, or any number of readers. Two names of one file are one file. */
import { LockedError } from "../../errors.ts";

/** `"write"` excludes all others, `"read"` the writers. */
export type Access = "read" | "write";

interface Users {
  readers: number;
  writers: number;
}

/** Takes a file for one access. */
export class OpenFiles<K> {
  private readonly users: {
    get(key: K): Users | undefined;
    set(key: K, users: Users): unknown;
    delete(key: K): unknown;
  };

  constructor(users: { get(key: K): Users | undefined; set(key: K, users: Users): unknown; delete(key: K): unknown }) {
    this.users = users;
  }

  /** Gives what lets go of it. LockedError where another access excludes this one. */
  take(key: K, access: Access, label: string): () => void {
    const users = this.users.get(key) ?? { readers: 0, writers: 0 };
    if (users.writers > 0 || (access === "write" && users.readers > 0)) {
      const doing = users.writers > 0 ? "changed" : "read";
      throw new LockedError(`${label} is being ${doing} by this program: close it there first`);
    }
    const kind = access === "write" ? "writers" : "readers";
    users[kind]++;
    this.users.set(key, users);
    return once(() => {
      users[kind]--;
      if (users.readers + users.writers === 0) this.users.delete(key);
    });
  }
}

/** Does it the first time only. */
export function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
