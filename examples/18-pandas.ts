/** pandas' frames: a table that can be appended to and queried by column, and a fixed one; written for pandas, and read. */
import { openStore, rangeIndex, textIndex } from "@h5ts/pandas-compat";
import { openSync } from "h5ts";

/** Three rows of a frame, beginning with day `first`. */
const days = (first: number) =>
  ({
    kind: "frame",
    index: rangeIndex(3),
    columns: textIndex(["day", "price", "name"]),
    data: [
      {
        kind: "datetime",
        unit: "ns",
        zone: null,
        data: BigInt64Array.from([0n, 1n, 2n], (day) => (BigInt(first) + day) * 86_400_000_000_000n),
      },
      { kind: "number", dtype: "float64", data: Float64Array.of(9.5, Number.NaN, 7.25) },
      { kind: "text", dtype: "object", data: ["tin", "gold", null] },
    ],
  }) as const;

// pandas' HDFStore: to_hdf(..., format="table"), append, and the fixed format.
const store = await openStore("frames.h5", "w");
await store.append("metals", days(0), { dataColumns: ["price"] });
await store.append("metals", days(3));
await store.put("fixed", days(6));
console.log(await store.keys()); // [ '/fixed', '/metals' ]
const { format, kind, rows, dataColumns } = await store.info("metals");
console.log(format, kind, rows, dataColumns); // table frame 6 [ 'price' ]

const metals = await store.get("metals");
if (metals.kind === "frame") {
  const [day, price] = metals.data;
  if (day?.kind === "datetime") console.log(new Date(Number(day.data[5] / 1_000_000n)).toISOString()); // 1970-01-06T00:00:00.000Z
  if (price?.kind === "number") console.log(price.data); // Float64Array(6) [ 9.5, NaN, 7.25, 9.5, NaN, 7.25 ]
}
await store.close();

// Underneath it is HDF5: PyTables' groups and tables.
const file = openSync("frames.h5");
console.log(file.group("metals").attrs.get("pandas_type"), file.dataset("metals/table").shape); // frame_table [ 6 ]
file.close();
