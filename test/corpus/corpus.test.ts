/**
 * Every file of the corpus equals its truth, in every storage. Prints how many are right, in all and for each feature, and by name those
 * that need what later versions bring.
 */
import { digestFile, type FileDigest, unreadable } from "@h5ts/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RangeServer } from "../../packages/core/test/support/range-server.ts";
import { type Difference, differences, differenceText } from "../support/compare.ts";
import { CORPUS_ABSENT, type CorpusEntry, corpusEntries, hasCorpus, SCALE, truthOf } from "../support/corpus.ts";
import { exemption } from "./later.ts";
import { type StorageCase, serveCorpus, storageCases } from "./storages.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();

if (!hasCorpus()) {
  it.skip(CORPUS_ABSENT, () => {});
} else {
  describe("the corpus", corpusTests);
}

function corpusTests(): void {
  let server: RangeServer;
  beforeAll(async () => {
    server = await serveCorpus();
  });
  afterAll(async () => {
    await server.close();
    console.log(tally.report());
  });
  const entries = corpusEntries().filter((entry) => entry.truth !== null);
  // A scaled run takes files spread over the whole.
  const step = Math.max(1, Math.round(1 / SCALE));
  const chosen = entries.filter((_, i) => i % step === 0);
  it.each(chosen.map((entry): [string, CorpusEntry] => [entry.file, entry]))("%s", async (_, entry) => {
    const [first, ...others] = storageCases(server);
    const digest = await digestIn(first, entry);
    const found = differences(truthOf(entry), digest);
    const failures = found.filter((one) => exemption(one, digest) === undefined);
    tally.add(entry, failures, new Set(found.map((one) => exemption(one, digest)).filter((why) => why !== undefined)));
    expect(failures.map(differenceText)).toEqual([]);
    await sameElsewhere(digest, others, entry);
    await sameValues(digest, first, entry);
  });
}

async function digestIn(storage: StorageCase, entry: CorpusEntry, values = false): Promise<FileDigest> {
  try {
    await using file = await storage.open(entry);
    return await digestFile(entry.file, file, { values });
  } catch (error) {
    return unreadable(entry.file, error);
  }
}

/** All storages give the same; but for what stands in other files, where a storage has no neighbours. */
async function sameElsewhere(digest: FileDigest, others: readonly StorageCase[], entry: CorpusEntry): Promise<void> {
  for (const storage of others) {
    if (entry.driver !== undefined && !storage.hasNeighbours) continue;
    const other = await digestIn(storage, entry);
    const alone = !storage.hasNeighbours;
    expect(comparable(other, alone), storage.title).toEqual(comparable(digest, alone));
  }
}

/** A digest without the words of its errors, which name the storage. */
function comparable(digest: FileDigest, alone: boolean): unknown {
  // The extent of a virtual dataset may follow from its sources.
  const objects = digest.objects.map((object) => {
    const elsewhere = { sha256: "", nbytes: 0, hex: "", error: undefined };
    if (alone && object.external) return { ...object, ...elsewhere };
    return alone && object.layout === "virtual" ? { ...object, ...elsewhere, shape: [] } : object;
  });
  return JSON.parse(
    JSON.stringify({ ...digest, objects }, (key, value) => (key === "error" && value ? { name: value.name } : value)),
  );
}

/** What reading gives as values, encoded again, are the file's bytes. */
async function sameValues(digest: FileDigest, storage: StorageCase, entry: CorpusEntry): Promise<void> {
  const values = await digestIn(storage, entry, true);
  const found: Difference[] = differences(digest as never, values);
  expect(found.map(differenceText), "through values").toEqual([]);
}
