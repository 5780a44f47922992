/** A policy that is the caller's own: a function says which source a name means. */

import { StorageError } from "../../errors.ts";
import type { LinkKind, LinkPolicy } from "../../steps/link-policy.ts";
import { perform, type Steps } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import { openStorage, openStorageSync, type Source, type StorageOptions, type SyncSource } from "../open-storage.ts";

export interface LinkRequest {
  /** The name as it stands in the file: not to be trusted. */
  readonly name: string;
  /** What leads there. */
  readonly kind: LinkKind;
  /** What the file in which it stands is called: the label of its source, or the name that led to it. */
  readonly from: string;
}

/**
 * The source that a name means; `undefined` where there is none. Throw a PolicyError to refuse. For files opened by
 * `openSync` it must answer at once, and with a source that can be read without waiting.
 */
export type LinkResolver = (request: LinkRequest) => Source | undefined | Promise<Source | undefined>;

export class ResolverPolicy implements LinkPolicy {
  private readonly resolve: LinkResolver;
  private readonly from: string;
  private readonly options: StorageOptions;

  constructor(resolve: LinkResolver, from: string, options: StorageOptions) {
    this.resolve = resolve;
    this.from = from;
    this.options = options;
  }

  *storage(name: string, kind: LinkKind): Steps<Storage | undefined> {
    const request = { name, kind, from: this.from };
    return yield* perform(
      (): Storage | undefined => {
        const source = this.resolve(request);
        if (source instanceof Promise) throw mustNotWait(name);
        return source === undefined ? undefined : openStorageSync(source as SyncSource, this.options);
      },
      async () => {
        const source = await this.resolve(request);
        return source === undefined ? undefined : await openStorage(source, this.options);
      },
    );
  }

  within(name: string): LinkPolicy {
    return new ResolverPolicy(this.resolve, name, this.options);
  }
}

const mustNotWait = (name: string): StorageError =>
  new StorageError(
    "the resolver of the option links answers with a promise, which a file opened by openSync cannot wait for",
    {
      found: name,
    },
  );
