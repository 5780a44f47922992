/** Lets go of a storage, in the manner of the mode. */
import { perform, type Steps } from "./steps.ts";
import { isAsync, isSync, type Storage } from "./storage.ts";

export function* closeStorage(storage: Storage): Steps<void> {
  yield* perform<void>(
    () => {
      if (isSync(storage)) storage.closeSync();
    },
    async () => {
      if (isAsync(storage)) await storage.close();
      else storage.closeSync();
    },
  );
}
