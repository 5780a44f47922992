/** The judge of files that tests write: what `h5ts check` says of them. */
import { readerFilters } from "@h5ts/filters";
import { checkFile } from "../../src/engine/check/check-file.ts";
import type { CheckReport } from "../../src/engine/check/report.ts";
import { openReader } from "../../src/engine/file-reader.ts";
import { runSync } from "../../src/steps/run-sync.ts";
import { linkPolicy } from "../../src/storage/links/link-policy.ts";
import { MemoryStorage } from "../../src/storage/memory.ts";

/** All that a check finds. */
export function checked(bytes: Uint8Array): CheckReport {
  const storage = new MemoryStorage(bytes);
  const reader = runSync(
    openReader(storage, { filters: readerFilters, links: linkPolicy(storage, { links: "none" }) }),
  );
  return runSync(checkFile(reader.file));
}

/** The faults of a file, a line each: none of a sound one. Use: `expect(faults(bytes)).toEqual([])`. */
export const faults = (bytes: Uint8Array): string[] => checked(bytes).faults.map(({ message }) => message);

/** Bytes that are in no structure and in no free-space manager. */
export const leaked = (bytes: Uint8Array): number => checked(bytes).leaks.reduce((sum, { length }) => sum + length, 0);
