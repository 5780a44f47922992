/** Files that external links and mappings of a file name, each opened once. */
import { closeStorage } from "../steps/close.ts";
import type { LinkKind, LinkPolicy } from "../steps/link-policy.ts";
import type { Steps } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";

interface Closable {
  close(): Steps<void>;
}

export class LinkedFiles<R extends Closable> {
  private readonly policy: LinkPolicy;
  private readonly open: (storage: Storage, links: LinkPolicy) => Steps<R>;
  private readonly files = new Map<string, R>();

  constructor(policy: LinkPolicy, open: (storage: Storage, links: LinkPolicy) => Steps<R>) {
    this.policy = policy;
    this.open = open;
  }

  /** The file; `undefined` where it does not exist. PolicyError: it may not be opened. */
  *get(name: string, kind: LinkKind): Steps<R | undefined> {
    // A policy may look for files of one kind elsewhere.
    const key = kind + name;
    const known = this.files.get(key);
    if (known !== undefined) return known;
    const storage = yield* this.policy.storage(name, kind);
    if (storage === undefined) return undefined;
    const opened = yield* this.tryOpen(name, storage);
    // Another walk may have been quicker.
    const other = this.files.get(key);
    if (other === undefined) {
      this.files.set(key, opened);
      return opened;
    }
    yield* opened.close();
    return other;
  }

  private *tryOpen(name: string, storage: Storage): Steps<R> {
    try {
      return yield* this.open(storage, this.policy.within(name));
    } catch (error) {
      yield* closeStorage(storage);
      throw error;
    }
  }

  *close(): Steps<void> {
    const files = [...this.files.values()];
    this.files.clear();
    for (const file of files) yield* file.close();
  }
}
