/** Checksums of attributes. */
import type { AnyData, AttributeInfo, H5File, H5Object, Mode } from "h5ts";
import { CanonicalOut } from "./canonical-out.ts";
import { type Reading, Shapes } from "./canonical-values.ts";
import { datatypeJson } from "./datatype-json.ts";
import { type DigestOptions, encodeAll, isTooLarge } from "./digest-elements.ts";
import { holdsAll } from "./element-sizes.ts";
import { errorJson } from "./error-json.ts";
import { scalarData } from "./scalar-data.ts";
import type { AttributeDigest, ValueDigest } from "./schema.ts";
import { byBytes, shownText } from "./text.ts";
import { ValueHasher } from "./value-hasher.ts";

/** All attributes of an object, by the bytes of their names; addresses of committed types go to `committed`. */
export async function digestAttributes(
  object: H5Object<Mode>,
  committed: (record: { committed?: string }, address: number) => void,
  options: DigestOptions,
): Promise<AttributeDigest[]> {
  const infos = [...(await object.attrs.infos())].sort((a, b) => byBytes(a.name, b.name));
  const out: AttributeDigest[] = [];
  for (const info of infos) {
    const record = await digestAttribute(object, info, options);
    if (info.committed !== undefined) committed(record, info.committed);
    out.push(record);
  }
  return out;
}

async function digestAttribute(
  object: H5Object<Mode>,
  info: AttributeInfo,
  options: DigestOptions,
): Promise<AttributeDigest> {
  const { name, datatype, dataspace } = info;
  const shape = dataspace.kind === "null" ? null : dataspace.dims;
  const record = { name: shownText(name), shape, dtype: datatypeJson(datatype) };
  try {
    return { ...record, ...(await digestValue(object, info, options)) };
  } catch (error) {
    return { ...record, error: errorJson(error) };
  }
}

async function digestValue(object: H5Object<Mode>, info: AttributeInfo, options: DigestOptions): Promise<ValueDigest> {
  const { name, datatype, dataspace } = info;
  const count = dataspace.kind === "null" ? 0 : dataspace.dims.reduce((product, dim) => product * dim, 1);
  if (isTooLarge(datatype, count)) return { skip: "too_large" };
  const hasher = new ValueHasher();
  const reading: Reading = { bytes: options.values !== true && holdsAll(datatype), shapes: new Shapes() };
  if (count > 0) {
    const data = reading.bytes ? info.data : dataOf(info, await object.attrs.get(name));
    hasher.update(await encodeAll(fileOf(object), datatype, data as AnyData, count, reading, new CanonicalOut()));
  }
  return hasher.result();
}

const fileOf = (object: H5Object<Mode>): H5File<Mode> => object.file;

/** Elements of a value that `attrs.get` gave: of an array they are there; a scalar is made an array of one. */
function dataOf({ datatype, dataspace }: AttributeInfo, value: unknown): AnyData {
  const single = dataspace.kind === "scalar" && datatype.class !== "array";
  return single ? scalarData(datatype, value) : (value as { data: AnyData }).data;
}
