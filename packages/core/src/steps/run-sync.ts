/** The synchronous driver: the only place that calls a storage's synchronous methods. */
import { StorageError } from "../errors.ts";
import { placeChunksSync } from "./chunk-window-sync.ts";
import type { Answer, Request, Steps } from "./steps.ts";
import { isSync, type Storage, type SyncStorage } from "./storage.ts";
import { transferSync } from "./transfer.ts";
import { writeAllSync } from "./writing.ts";

function syncStorage(storage: Storage): SyncStorage {
  if (isSync(storage)) return storage;
  throw new StorageError("cannot be read synchronously: open the file with `open` instead of `openSync`", {
    found: storage.label,
  });
}

function answer(request: Request): Answer {
  switch (request.kind) {
    case "read":
      return transferSync(syncStorage(request.storage), request.extents);
    case "size":
      return syncStorage(request.storage).sizeSync();
    case "chunks":
      return placeChunksSync(request, syncStorage(request.storage));
    case "write":
      return writeAllSync(request);
    case "perform":
      return request.sync();
    case "batch":
      return request.requests.map((part) => {
        try {
          return answer(part);
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        }
      });
  }
}

/** Runs steps to their end. Throws what they throw. */
export function runSync<T>(steps: Steps<T>): T {
  let result = steps.next();
  while (!result.done) {
    let value: Answer;
    try {
      value = answer(result.value);
    } catch (error) {
      result = steps.throw(error);
      continue;
    }
    result = steps.next(value);
  }
  return result.value;
}
