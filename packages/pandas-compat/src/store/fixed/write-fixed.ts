/** Frames and series written in the fixed format. */
import { ExistsError } from "h5ts";
import { axisLength, type Frame, type Series, takeAxis } from "../../frame/frame.ts";
import { labelKey, labelsOf } from "../../frame/label.ts";
import { asInt64, asName, asText, writeAttributes } from "../../pytables/write-attributes.ts";
import type { FixedTarget } from "./target.ts";
import { writeAxis } from "./write-axis.ts";
import { blockKey, writeBlock } from "./write-block.ts";

/** The layout's version, the same since 2014. */
export const PANDAS_VERSION = "0.15.2";

/** Writes into the object's group, which is new. */
export async function writeFixed(target: FixedTarget, object: Frame | Series): Promise<void> {
  const { group, form } = target;
  await writeAttributes(group, {
    pandas_type: asText(object.kind),
    pandas_version: asText(PANDAS_VERSION),
    encoding: asText(form.encoding),
    errors: asText(form.errors),
  });
  if (object.kind === "frame") return writeFrame(target, object);
  blockKey(object.data, 0);
  await writeAxis(target, "index", object.index);
  await writeBlock(target, "values", [object.data], axisLength(object.index), true);
  await writeAttributes(group, { name: asName(object.name) });
}

/** What would fail is found out before anything is written. */
export function blocksOf(frame: Frame): number[][] {
  const keys = labelsOf(frame.columns).map(labelKey);
  if (new Set(keys).size < keys.length)
    throw new ExistsError("has two columns of one label, which the fixed format does not store", {
      structure: "frame",
      found: keys.find((key, i) => keys.indexOf(key) < i)?.slice(1),
    });
  const blocks = new Map<string, number[]>();
  frame.data.forEach((values, j) => {
    const key = blockKey(values, j);
    blocks.set(key, [...(blocks.get(key) ?? []), j]);
  });
  return [...blocks.values()];
}

async function writeFrame(target: FixedTarget, frame: Frame): Promise<void> {
  const blocks = blocksOf(frame);
  const rows = axisLength(frame.index);
  await writeAttributes(target.group, { ndim: asInt64(2), nblocks: asInt64(blocks.length) });
  await writeAxis(target, "axis0", frame.columns);
  await writeAxis(target, "axis1", frame.index);
  for (const [i, places] of blocks.entries()) {
    await writeAxis(target, `block${i}_items`, takeAxis(frame.columns, places));
    await writeBlock(
      target,
      `block${i}_values`,
      places.map((place) => frame.data[place]),
      rows,
      false,
    );
  }
}
