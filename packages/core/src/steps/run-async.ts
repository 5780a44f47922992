/** The asynchronous driver: the only place that calls a storage's asynchronous methods. */
import { StorageError } from "../errors.ts";
import { placeChunksAsync } from "./chunk-window-async.ts";
import type { Answer, Request, Steps } from "./steps.ts";
import { type AsyncStorage, isAsync, isSync, type Storage, type SyncStorage } from "./storage.ts";
import { transferAsync, transferSync } from "./transfer.ts";
import { Turns } from "./turn.ts";
import { writeAll } from "./writing.ts";

/** A storage that has only synchronous access (an OPFS handle in a worker) serves async callers too. */
function reading(storage: Storage): AsyncStorage {
  return isAsync(storage) ? storage : new PromisedStorage(storage);
}

class PromisedStorage implements AsyncStorage {
  readonly label: string;
  readonly costs: AsyncStorage["costs"];
  private readonly inner: SyncStorage;

  constructor(inner: SyncStorage) {
    this.inner = inner;
    this.label = inner.label;
    this.costs = inner.costs;
  }

  async read(...[extents]: Parameters<AsyncStorage["read"]>): ReturnType<AsyncStorage["read"]> {
    return this.inner.readSync(extents);
  }

  async size(): Promise<number> {
    return this.inner.sizeSync();
  }

  async close(): Promise<void> {
    this.inner.closeSync();
  }
}

/** The answer itself where it is in hand: waiting a turn for it would only cost time. */
function answer(request: Request, signal: AbortSignal | undefined): Promise<Answer> | Answer {
  switch (request.kind) {
    case "read": {
      const { storage, extents } = request;
      const inHand = storage.memory !== undefined || !isAsync(storage);
      return inHand && isSync(storage)
        ? transferSync(storage, extents)
        : transferAsync(reading(storage), extents, signal);
    }
    case "size":
      return reading(request.storage).size(signal);
    case "chunks":
      return placeChunksAsync(request, reading(request.storage), signal);
    case "write":
      return writeAll(request);
    case "perform":
      return request.async(signal);
    case "batch": {
      const parts = request.requests.map((part) => settled(part, signal));
      return parts.some(isPromise) ? Promise.all(parts) : parts;
    }
  }
}

/** An answer or the error in its place; never a rejection. */
function settled(request: Request, signal: AbortSignal | undefined): Promise<Answer> | Answer {
  try {
    const given = answer(request, signal);
    return isPromise(given) ? given.then(undefined, asError) : given;
  } catch (error) {
    return asError(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Also promises of another realm. */
const isPromise = (value: unknown): value is Promise<Answer> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** What `signal` says when it aborts, as a StorageError would hide that it was the caller's own wish. */
function aborted(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new StorageError("was aborted", { cause: signal.reason });
}

/** Runs steps to their end; `signal` stops them at the next request. Rejects with what they throw. */
export async function runAsync<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  if (signal?.aborted) throw aborted(signal);
  const turns = new Turns();
  let result = steps.next();
  while (!result.done) {
    let value: Answer;
    try {
      const given = answer(result.value, signal);
      value = isPromise(given) ? await given : given;
      const turn = turns.due();
      if (turn !== undefined) await turn;
      if (signal?.aborted) throw aborted(signal);
    } catch (error) {
      result = steps.throw(signal?.aborted ? aborted(signal) : error);
      continue;
    }
    result = steps.next(value);
  }
  return result.value;
}
