/** Frames as columns and back: all that are generated come back as they were. */
import { columnsOfFrame, frameJson, frameOfColumns } from "@h5ts/pandas-compat";
import { dtype } from "h5ts";
import { expect, it } from "vitest";
import { generatedCases } from "./generated.ts";

it("frames and series of every kind become columns, and come back", async () => {
  const cases = generatedCases();
  for (const { key, object } of cases) {
    const columns = columnsOfFrame(object);
    expect(
      columns.columns.every(({ name }, i) => columns.columns.findIndex((other) => other.name === name) === i),
      key,
    ).toBe(true);
    expect(await frameJson(frameOfColumns(columns)), key).toEqual(await frameJson(object));
  }
  expect(cases.length).toBeGreaterThan(150);
});

it("other columns get an index of numbers", async () => {
  const frame = frameOfColumns({
    length: 2,
    columns: [
      { name: "n", dtype: dtype("int16"), data: Int16Array.of(1, 2), validity: Uint8Array.of(1, 0) },
      { name: "s", dtype: dtype.string(), data: ["a", ""], validity: Uint8Array.of(1, 0) },
    ],
    attrs: {},
  });
  expect(frame).toMatchObject({
    kind: "frame",
    columns: { values: { data: ["n", "s"] } },
    data: [
      { kind: "number", dtype: "float64", data: Float64Array.of(1, Number.NaN) },
      { kind: "text", data: ["a", null] },
    ],
  });
});

it("attributes that describe other columns are refused", () => {
  const columns = columnsOfFrame(generatedCases()[0].object);
  expect(() => frameOfColumns({ ...columns, columns: columns.columns.slice(1) })).toThrow(/other columns/);
  expect(() => frameOfColumns({ ...columns, attrs: { "h5ts:frame": "{" } })).toThrow(/does not describe/);
});
