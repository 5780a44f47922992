/** `check` finds nothing wrong with the files of the corpus, which other libraries wrote; but for those that are damaged. */
import { describe, expect, it } from "vitest";
import { check } from "../../packages/h5ts/src/index.ts";
import { CORPUS_ABSENT, corpusEntries, corpusPath, hasCorpus, SCALE } from "../support/corpus.ts";

/** What is wrong with files that are wrong, by the end of their path. */
const DAMAGED: Record<string, RegExp> = {
  // Written to be refused: names beyond the local heap.
  "1.14.6/test/testfiles/bad_offset.h5": /not in its data segment/,
  // libhdf5 itself fails on the checksum of these chunks.
  "1.10.8/tools/test/h5stat/testfiles/h5stat_filters.h5": /fletcher32/,
  // A free-space manager of a library before 1.8: lengths take two bytes where they take three since.
  "h5diff/testfiles/h5diff_types.h5": /Free-space section list.*is cut short/,
  // Of jhdf's making: elements share heap objects, attributes their creation order.
  "hdf5/var-length-strings-reused.hdf5": /several elements|creation order/,
};

/** A filter that h5ts does not have; a message of a type that is to come, which libhdf5 refuses as well. */
const LACKING = /needs the filter 305|must be understood and is not known/;

if (hasCorpus()) describe("files of the corpus are sound", soundness);
else it.skip(CORPUS_ABSENT, () => {});

function soundness(): void {
  const entries = corpusEntries().filter(({ truth }) => truth !== null);
  const step = Math.max(1, Math.round(1 / SCALE));
  it.each(entries.filter((_, i) => i % step === 0).map((entry) => [entry.file, entry] as const))(
    "%s",
    async (name, entry) => {
      const { faults, unchecked } = await check(corpusPath(entry.file), { links: "none", driver: entry.driver?.name });
      const lacking = unchecked.map(({ message }) => message).filter((message) => !LACKING.test(message));
      expect(lacking).toEqual([]);
      const damage = Object.entries(DAMAGED).find(([end]) => name.endsWith(end))?.[1];
      if (damage !== undefined) expect(faults.map(({ message }) => message).join("\n")).toMatch(damage);
      else expect(faults.map(({ message }) => message)).toEqual([]);
    },
  );
}
