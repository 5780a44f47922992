/** What the parts of an object in the fixed format are written into, and what they have in common. */
import { PickleTuple } from "@h5ts/pickle";
import { DType } from "h5ts";
import type { TextForm } from "../../frame/text.ts";
import type { AnyDataset } from "../../pytables/array-node.ts";
import type { Compression } from "../../pytables/compression.ts";
import { type AnyGroup, createArray } from "../../pytables/create.ts";
import { asBool, asPickle, asText, type Stored, writeAttributes } from "../../pytables/write-attributes.ts";
import { fixedOffset, type Generation } from "../../python/text-pickle.ts";

/** How the parts of an object are written. */
export interface FixedTarget {
  readonly group: AnyGroup;
  readonly form: TextForm;
  readonly compression: Compression;
  readonly pandas: Generation;
}

/** An array of no elements, as pandas keeps it: one of one element, and attributes that say what it is. */
export async function createEmpty(
  group: AnyGroup,
  name: string,
  shape: readonly number[],
  type: string,
): Promise<AnyDataset> {
  const ones = shape.map(() => 1);
  const dataset = await createArray(group, name, { type: DType.from("f8"), shape: ones, bytes: new Uint8Array(8) });
  await writeAttributes(dataset, {
    value_type: asText(type),
    shape: asPickle(PickleTuple.holding(shape.map(BigInt))),
    transposed: asBool(false),
  });
  return dataset;
}

/** A named zone as text, which every version reads; an offset from UTC as pandas has it, as an object. */
export const zoneAttribute = (zone: string, pandas: Generation): Stored =>
  fixedOffset(zone) === undefined || zone === "UTC" ? asText(zone) : asPickle({ kind: "zone", name: zone }, pandas);
