/** The asynchronous driver: the only place that calls a storage's asynchronous methods. */
import { StorageError } from "../errors.ts";
import { placeChunksAsync } from "./chunk-window-async.ts";
import type { Answer, Request, Steps } from "./steps.ts";
import { type AsyncStorage, isAsync, isSync, type Storage, type SyncStorage } from "./storage.ts";

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

function answer(request: Request, signal: AbortSignal | undefined): Promise<Answer> | Answer {
  switch (request.kind) {
    case "read":
      // Memory answers at once: waiting a turn for it would only cost time.
      if (request.storage.memory !== undefined && isSync(request.storage))
        return request.storage.readSync(request.extents);
      return reading(request.storage).read(request.extents, signal);
    case "size":
      return reading(request.storage).size(signal);
    case "chunks":
      return placeChunksAsync(request, reading(request.storage), signal);
    case "perform":
      return request.async(signal);
    case "batch":
      return Promise.all(request.requests.map((part) => settled(part, signal)));
  }
}

async function settled(request: Request, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return await answer(request, signal);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What `signal` says when it aborts, as a StorageError would hide that it was the caller's own wish. */
function aborted(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new StorageError("was aborted", { cause: signal.reason });
}

/** Runs steps to their end; `signal` stops them at the next request. Rejects with what they throw. */
export async function runAsync<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  if (signal?.aborted) throw aborted(signal);
  let result = steps.next();
  while (!result.done) {
    let value: Answer;
    try {
      value = await answer(result.value, signal);
      if (signal?.aborted) throw aborted(signal);
    } catch (error) {
      result = steps.throw(error);
      continue;
    }
    result = steps.next(value);
  }
  return result.value;
}
