/** Tables of every type through HDF5 and back. */
import * as arrow from "apache-arrow";
import { MemoryStorage, openSync } from "h5ts";
import { describe, it } from "vitest";
import { fromArrow, toArrow } from "../src/index.ts";
import { expectSame } from "./support/compare-tables.ts";
import { FLAT, NESTED, Random, randomField, randomSchema, randomTable } from "./support/random-tables.ts";

const SCALE = Number(process.env.H5TS_SCALE ?? 0.1);
const SEEDS = Math.ceil(2000 * SCALE);
const LAYOUTS = ["compound", "group"] as const;

/** There and back; the file is closed and opened between. */
async function roundTrip(
  table: arrow.Table | (() => AsyncIterable<Uint8Array>),
  layout: "compound" | "group",
): Promise<arrow.Table> {
  const storage = new MemoryStorage();
  const file = openSync(storage, "w");
  await fromArrow(typeof table === "function" ? table() : table, file, "t", { layout, chunkRows: 16 });
  file.close();
  const again = openSync(storage);
  const found = again.get("t");
  if (found === undefined || (found.kind !== "dataset" && found.kind !== "group")) throw new Error("was not made");
  const back = await toArrow(found);
  again.close();
  return back;
}

const types = [...Object.keys(FLAT), ...Object.keys(NESTED)];

describe.each(LAYOUTS)("%s: there and back", (layout) => {
  it.each(types)("%s, nullable or not, of no, one and many rows", async (name) => {
    for (const rows of [0, 1, 70]) {
      for (let seed = 0; seed < 2; seed++) {
        const random = new Random(seed * 1000 + rows);
        const type = FLAT[name]?.() ?? NESTED[name](random, 1);
        const schema = new arrow.Schema([new arrow.Field("v", type, seed % 2 === 0), randomField(random, "w")]);
        const table = randomTable(random, schema, rows);
        expectSame(await roundTrip(table, layout), table);
      }
    }
  });

  it(`random schemas: ${SEEDS} seeds`, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const table = randomTable(random, randomSchema(random), random.pick([0, 1, 5, 40]));
      try {
        expectSame(await roundTrip(table, layout), table);
      } catch (cause) {
        throw new Error(`seed ${seed}: ${table.schema}`, { cause });
      }
    }
  });
});
