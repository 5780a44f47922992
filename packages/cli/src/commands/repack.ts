/** `h5ts repack`: writes a file anew: without lost space, and stored otherwise where that is asked for. */
import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { type H5File, type LibraryVersion, type OpenOptions, open } from "h5ts";
import { type Command, type CommandContext, UsageError } from "../command.ts";
import { chunkChoice, filterChoice, type StorageChoice, storedBy } from "../copying/storage-choice.ts";
import { sourceOf, targetOf, withFile } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { sizeText } from "../terminal/text.ts";

const LIBVERS = ["earliest", "v108", "v110", "v112", "v114", "v200", "latest"];

export const repack: Command = {
  name: "repack",
  summary: "Write a file anew: without lost space, in other chunks, with other filters, in pages for reading from afar",
  usage: "[--chunks [PATH=]SHAPE] [--compression [PATH=]FILTER[:LEVEL]] [--paged SIZE] [OPTION...] IN OUT",
  options: {
    chunks: { type: "string", multiple: true },
    compression: { type: "string", multiple: true },
    shuffle: { type: "boolean" },
    fletcher32: { type: "boolean" },
    least: { type: "string" },
    libver: { type: "string" },
    paged: { type: "string" },
    userblock: { type: "string" },
  },
  help: {
    "chunks [PATH=]SHAPE": "of all datasets, or of one: 100x10, /raw/images=1x256x256, none; may be given again",
    "compression [PATH=]FILTER[:LEVEL]": "of all datasets, or of one: gzip:9, /raw=zstd, none; may be given again",
    shuffle: "sort the bytes of elements before compression",
    fletcher32: "give chunks checksums",
    "least N": "elements from which a dataset is stored otherwise; default 1024",
    "libver VERSION": `oldest library to read it: ${LIBVERS.join(", ")}; default as IN`,
    "paged BYTES": "pages of so many bytes, structures apart from data: suits reading from afar; 4096 or more",
    "userblock BYTES": "bytes before the HDF5 content; default as IN, with what stands there",
  },
  details: [
    "Reads all of IN and writes OUT, which is replaced where it exists. Datasets keep chunks and filters unless others are asked for.",
  ],
  choices: {
    libver: LIBVERS,
    compression: ["gzip", "lzf", "szip", "zstd", "lz4", "blosc", "blosc2", "bitshuffle", "bzip2", "none"],
  },
  examples: [
    ["in.h5 out.h5", "without lost space"],
    ["--compression zstd:9 --chunks 1x256x256 in.h5 out.h5", "stored otherwise"],
    ["--paged 1048576 in.h5 out.h5", "good to read from afar"],
  ],
  operands: [2, 2],
  async run(context) {
    const { operands, output, json: asJson, opening } = context;
    const [source, target] = operands;
    targetOf(target, "repack", "OUT");
    if (resolve(source) === resolve(target)) throw new UsageError("repack: IN and OUT are the same file");
    const given = await sourceOf(source);
    const bar = progressOn(output);
    const stored = storedBy(storageOf(context));
    try {
      await withFile(given, opening, async (from) => {
        const settings = { ...kept(from), ...asked(context) };
        const into = await open(target, "w", { ...opening, ...settings });
        try {
          await into.copyMembers(from, { stored, progress: bar.show });
        } finally {
          await into.close();
        }
        copyUserblock(given, target, Math.min(from.superblock.userblockSize, settings.userblockSize ?? 0));
      });
    } finally {
      bar.clear();
    }
    const [before, after] = [typeof given === "string" ? bytesOf(given) : given.length, bytesOf(target)];
    if (asJson) output.out(json({ in: source, out: target, before, after }));
    else if (before !== undefined && after !== undefined) output.out(`${sizeText(before)} became ${sizeText(after)}`);
    return 0;
  },
};

function storageOf({ values }: CommandContext): StorageChoice {
  const list = (name: string): readonly string[] => (values[name] as readonly string[] | undefined) ?? [];
  return {
    chunks: list("chunks").map(chunkChoice),
    filters: list("compression").map(filterChoice),
    shuffle: values.shuffle as boolean | undefined,
    fletcher32: values.fletcher32 as boolean | undefined,
    least: numberOf(values, "least") ?? 1024,
  };
}

const STRATEGIES = { "fsm-aggregate": "fsm", page: "page", aggregate: "aggregate", none: "none" } as const;

/** What a new file has of the old one, unless something else is asked for. */
function kept({ superblock, info }: H5File<"async">): OpenOptions {
  const { superblockVersion, userblockSize, fileSpace } = superblock;
  return {
    libver: superblockVersion < 2 ? "earliest" : "v110",
    trackOrder: info.linkOrder.tracked,
    trackTimes: info.times !== undefined,
    userblockSize,
    ...(fileSpace && {
      fsStrategy: STRATEGIES[fileSpace.strategy],
      fsPersist: fileSpace.persist,
      fsThreshold: fileSpace.threshold,
      fsPageSize: fileSpace.pageSize,
    }),
  };
}

function asked({ values }: CommandContext): OpenOptions {
  const libver = values.libver as LibraryVersion | undefined;
  if (libver !== undefined && !LIBVERS.includes(libver))
    throw new UsageError(`--libver must be one of ${LIBVERS.join(", ")}`);
  const page = numberOf(values, "paged");
  const userblockSize = numberOf(values, "userblock");
  return {
    ...(libver && { libver }),
    ...(page !== undefined && { fsStrategy: "page", fsPageSize: page }),
    ...(userblockSize !== undefined && { userblockSize }),
  };
}

/** What stands before the HDF5 content belongs to others, who may look for it. Of a file from afar it is not asked for. */
function copyUserblock(source: string | Uint8Array, target: string, length: number): void {
  if (length === 0) return;
  const bytes = typeof source === "string" ? beginning(source, length) : source.subarray(0, length);
  if (bytes === undefined) return;
  const into = openSync(target, "r+");
  try {
    writeSync(into, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(into);
  }
}

/** The first bytes of a file; `undefined` of a URL. */
function beginning(path: string, length: number): Uint8Array | undefined {
  if (bytesOf(path) === undefined) return undefined;
  const bytes = new Uint8Array(length);
  const from = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(from, bytes, 0, length, 0));
  } finally {
    closeSync(from);
  }
}

function numberOf(values: CommandContext["values"], name: string): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (Number.isInteger(Number(value)) && Number(value) >= 0) return Number(value);
  throw new UsageError(`--${name} must be a number, not ${value}`);
}

/** Of a path; `undefined` of a URL. */
function bytesOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
