/** Locks between the pages and workers of a site, by the Web Locks API. */
import { LockedError } from "../../errors.ts";
import { webLocks } from "../platform.ts";
import { once } from "./open-files.ts";

/** Takes the lock of a file of OPFS until the answer is called. LockedError where another page or worker has it. */
export async function webLock(path: string): Promise<() => void> {
  const locks = webLocks();
  if (locks === undefined) return () => {};
  return new Promise((resolve, reject) => {
    const request = locks.request(`h5ts:${path}`, { mode: "exclusive", ifAvailable: true }, (lock) => {
      if (lock === null) {
        reject(new LockedError(`${path} is being changed in this page, or another one of this site, or in a worker`));
        return;
      }
      return new Promise<void>((release) => resolve(once(release)));
    });
    request.catch(reject);
  });
}
