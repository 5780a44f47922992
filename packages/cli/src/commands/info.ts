/** `h5ts info`: how a file, or an object in it, is made and stored. */
import type { AnyObject, Dataset, H5File } from "h5ts";
import type { Command } from "../command.ts";
import { datasetShape } from "../describe.ts";
import { type Facts, factsText } from "../info/facts-text.ts";
import { objectAt, withFile } from "../opened.ts";
import { placeOf } from "../place.ts";
import { json, plain } from "../terminal/json.ts";

export const info: Command = {
  name: "info",
  summary: "Say how a file, or an object in it, is made and stored",
  usage: "FILE[:/PATH] [--json]",
  details: [
    "Of a file: superblock, user block, sizes, file space strategy, and the root group. Of a dataset: shape, datatype, layout, chunks, filters, fill value, and how many bytes it takes stored. Of a group: links, and how they are kept. Attributes of all.",
  ],
  examples: [
    ["data.h5", "versions and sizes of the file"],
    ["data.h5 /raw/images", "shape, chunks, filters and storage of a dataset"],
  ],
  operands: [1, 2],
  async run({ operands, json: asJson, output, opening }) {
    const { file, path } = placeOf(operands);
    return withFile(file, opening, async (opened) => {
      const facts = path === undefined ? await fileFacts(opened) : await objectFacts(await objectAt(opened, path));
      output.out(asJson ? json(facts) : factsText(facts, output));
      return 0 as const;
    });
  },
};

async function fileFacts(file: H5File<"async">): Promise<Facts> {
  const { superblock } = file;
  return {
    file: file.filename,
    superblock: superblock.superblockVersion,
    userblock: superblock.userblockSize,
    "size of offsets": superblock.sizes.offsets,
    "size of lengths": superblock.sizes.lengths,
    "end of file": superblock.endOfFile,
    "file space": superblock.fileSpace ?? "default",
    ...(superblock.driver !== undefined && { driver: superblock.driver }),
    ...(superblock.consistencyFlags !== 0 && { "consistency flags": superblock.consistencyFlags }),
    root: await objectFacts(file),
  };
}

async function objectFacts(object: AnyObject<"async">): Promise<Facts> {
  const { info } = object;
  return {
    kind: object.kind,
    address: info.address,
    "header version": info.headerVersion,
    "hard links": info.referenceCount,
    ...(info.comment !== undefined && { comment: info.comment }),
    ...(object.kind === "group" && { links: await object.count(), storage: object.info.storage }),
    ...(object.kind === "datatype" && { dtype: object.dtype.toString() }),
    ...(object.kind === "dataset" && (await datasetFacts(object))),
    attributes: Object.fromEntries((await object.attrs.entries()).map(([name, value]) => [name, plain(value)])),
  };
}

async function datasetFacts(dataset: Dataset<"async">): Promise<Facts> {
  const { layout, chunks, filters, external } = dataset;
  return {
    shape: datasetShape(dataset),
    "max shape": dataset.maxShape,
    dtype: dataset.dtype.toString(),
    layout,
    ...(chunks !== undefined && { chunks }),
    ...(filters.length > 0 && { filters: filters.map(({ id, name, clientData }) => ({ id, name, clientData })) }),
    ...(external.length > 0 && { external }),
    "fill value": plain(dataset.fillValue),
    bytes: dataset.nbytes,
    "bytes stored": await dataset.storageSize(),
  };
}
