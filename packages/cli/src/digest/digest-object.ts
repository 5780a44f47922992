/** What the digest says of one object. */
import type { AnyObject, Dataset, Datatype, Group, Link, Mode } from "h5ts";
import { CanonicalOut } from "./canonical-out.ts";
import { Shapes } from "./canonical-values.ts";
import { datatypeJson } from "./datatype-json.ts";
import { digestAttributes } from "./digest-attribute.ts";
import { type DigestOptions, digestElements, encodeAll } from "./digest-elements.ts";
import { holdsAll } from "./element-sizes.ts";
import { errorJson } from "./error-json.ts";
import { scalarData } from "./scalar-data.ts";
import type { FillJson, LinkJson, ObjectDigest, ValueDigest } from "./schema.ts";
import { byBytes, shownText } from "./text.ts";

/** Told of the address of the committed datatype that a dataset or attribute uses. */
export type NoteCommitted = (record: { committed?: string }, address: number) => void;

/** Everything of an object but where its links lead. Parts that cannot be read leave their error on the record. */
export async function digestObject(
  path: string,
  object: AnyObject<Mode>,
  committed: NoteCommitted,
  options: DigestOptions,
): Promise<ObjectDigest> {
  const record: ObjectDigest = { path, kind: object.kind, addr: storedAddress(object) };
  await attempt(record, async () => {
    if (object.kind === "dataset") await digestDataset(record, object, committed, options);
    if (object.kind === "datatype") record.dtype = datatypeJson((object as Datatype<Mode>).info.datatype);
  });
  await attempt(record, async () => {
    record.attrs = await digestAttributes(object, committed, options);
  });
  return record;
}

/** The address as the file has it: in files of several parts those beyond 2^53 are read as others. */
function storedAddress({ info: { address }, file }: AnyObject<Mode>): number {
  const { regions = [] } = file.superblock.sizes;
  const region = regions.findLast(({ at }) => at <= address);
  return region === undefined ? address : Number(region.start + BigInt(address - region.at));
}

/** Runs `body`; where it fails, the record says why. */
export async function attempt(record: ValueDigest, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    record.error ??= errorJson(error);
  }
}

async function digestDataset(
  record: ObjectDigest,
  dataset: Dataset<Mode>,
  committed: NoteCommitted,
  options: DigestOptions,
): Promise<void> {
  const { info } = dataset;
  const isNull = info.dataspace.kind === "null";
  record.shape = isNull ? null : dataset.shape;
  if (!isNull) record.maxshape = dataset.maxShape;
  record.dtype = datatypeJson(info.datatype);
  if (info.committed !== undefined) committed(record, info.committed);
  describeStorage(record, dataset);
  record.fill = await fillJson(dataset);
  if (dataset.isVirtual) {
    record.virtual = (await dataset.virtualSources()).map((source) => ({
      file: shownText(source.file),
      dataset: shownText(source.dataset),
    }));
  }
  Object.assign(record, await digestElements(dataset, options));
}

function describeStorage(record: ObjectDigest, { info, layout, chunks, external }: Dataset<Mode>): void {
  record.layout = layout;
  if (chunks !== undefined) record.chunks = chunks;
  const { filters } = info.pipeline;
  if (filters.length > 0) {
    record.filters = filters.map(({ id, flags, clientData }) => ({ id, flags, cd: [...clientData] }));
  }
  if (external.length === 0) return;
  record.external = external.map(({ name, offset, size }) => {
    return { name: shownText(name), offset, size: size === Number.POSITIVE_INFINITY ? null : size };
  });
}

async function fillJson(dataset: Dataset<Mode>): Promise<FillJson> {
  const { datatype, fill } = dataset.info;
  if (fill.defined !== "user" || fill.value === undefined) return { defined: fill.defined };
  try {
    const bytes = holdsAll(datatype);
    const data = bytes ? fill.value : scalarData(datatype, await dataset.readFillValue());
    const reading = { bytes, shapes: new Shapes() };
    const encoded = await encodeAll(dataset.file, datatype, data as never, 1, reading, new CanonicalOut());
    return { defined: "user", hex: Buffer.from(encoded).toString("hex") };
  } catch (error) {
    return { defined: "user", error: errorJson(error) };
  }
}

/** The links of a group by the bytes of their names, each with its record. */
export async function digestLinks(group: Group<Mode>): Promise<[Link, LinkJson][]> {
  const links = [...(await group.links())].sort(([a], [b]) => byBytes(a, b));
  return links.map(([name, link]) => [link, linkJson(shownText(name), link)]);
}

function linkJson(name: string, link: Link): LinkJson {
  switch (link.type) {
    case "hard":
      return { name, type: "hard" };
    case "soft":
      return { name, type: "soft", target: shownText(link.path) };
    case "external":
      return { name, type: "external", file: shownText(link.filename), target: shownText(link.path) };
    case "user":
      return { name, type: "user", code: link.code };
  }
}
