/**
 * Every dataset and group of datasets of the corpus as a table: it becomes Arrow, goes through HDF5 and comes back the same, or a typed error says why not.
 * Prints how many do, and the reasons of the others.
 */
import { fromArrow, toArrow } from "@h5ts/arrow-adapter";
import type { Table } from "apache-arrow";
import { Dataset, Group, type H5File, isH5Error, MemoryStorage, open, openSync } from "h5ts";
import { afterAll, describe, expect, it } from "vitest";
import { expectSame } from "../../packages/arrow-adapter/test/support/compare-tables.ts";
import { CORPUS_ABSENT, type CorpusEntry, corpusEntries, corpusPath, hasCorpus, SCALE } from "../support/corpus.ts";

/** Rows that are taken of each dataset, and datasets of a file. */
const ROWS = 200;
const DATASETS = 60;
/** Bytes of a row above which it is not a table that anybody would want here. */
const ROW_BYTES = 1_000_000;

const counts = { converted: 0, tables: 0, files: 0, groups: 0, groupsConverted: 0 };
const reasons = new Map<string, number>();

if (!hasCorpus()) it.skip(CORPUS_ABSENT, () => {});
else describe("the corpus as tables", tableTests);

function tableTests(): void {
  afterAll(() => {
    const why = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `  ${count} ${reason}`);
    const groups = `${counts.groupsConverted} of ${counts.groups} groups of datasets`;
    console.log(
      `${counts.files} files: ${counts.converted} of ${counts.tables} datasets, ${groups} converted\n${why.join("\n")}`,
    );
  });
  const entries = corpusEntries().filter((entry) => entry.truth !== null);
  // A fifth in the required run; H5TS_SCALE=1 takes all.
  const step = Math.max(1, Math.round(1 / (process.env.H5TS_SCALE === undefined ? 0.2 : SCALE)));
  const chosen = entries.filter((_, i) => i % step === 0);
  it.each(chosen.map((entry): [string, CorpusEntry] => [entry.file, entry]))("%s", async (_, entry) => {
    counts.files++;
    let file: H5File<"async">;
    try {
      file = await open(corpusPath(entry.file), "r", { driver: entry.driver?.name });
    } catch (error) {
      return note(error);
    }
    try {
      const groups = new Map<string, number>();
      for (const dataset of await datasetsOf(file)) {
        await convert(dataset);
        const parent = dataset.name?.split("/").slice(0, -1).join("/") ?? "";
        groups.set(parent, (groups.get(parent) ?? 0) + 1);
      }
      for (const [name, datasets] of groups) if (datasets > 1) await convertGroup(file, name);
    } finally {
      await file.close();
    }
  });
}

/** The reason of a typed error; others are faults. */
function note(error: unknown): void {
  if (!isH5Error(error)) throw error;
  const reason = `${error.name}: ${error.reason}`;
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

async function datasetsOf(file: H5File<"async">): Promise<Dataset<"async">[]> {
  const found: Dataset<"async">[] = [];
  try {
    await file.visitItems((_, object) => {
      if (object instanceof Dataset) found.push(object);
      return found.length < DATASETS ? undefined : true;
    });
  } catch (error) {
    note(error);
  }
  return found.filter(
    ({ shape, dtype }) => shape.slice(1).reduce((bytes, dim) => bytes * dim, dtype.itemsize) <= ROW_BYTES,
  );
}

async function convert(dataset: Dataset<"async">): Promise<void> {
  counts.tables++;
  let table: Table;
  try {
    const badText = "replace";
    table = await toArrow(dataset, { rows: { stop: ROWS }, badText, enums: "integers" });
    expect(table.numRows).toBe(Math.min(dataset.shape[0] ?? 1, ROWS));
    if (table.numCols === 0) return;
    await throughHdf5(table);
    counts.converted++;
  } catch (error) {
    note(error);
  }
}

/** A group of several datasets: a table, where they are of one length. */
async function convertGroup(file: H5File<"async">, name: string): Promise<void> {
  counts.groups++;
  try {
    const group = name === "" ? file : await file.get(name);
    if (!(group instanceof Group)) return;
    const table = await toArrow(group, { rows: { stop: ROWS }, badText: "replace", enums: "integers" });
    await throughHdf5(table);
    counts.groupsConverted++;
  } catch (error) {
    note(error);
  }
}

async function throughHdf5(table: Table): Promise<void> {
  const file = openSync(new MemoryStorage(), "w");
  expectSame(await toArrow(await fromArrow(table, file, "t"), { enums: "integers" }), table);
  file.close();
}
