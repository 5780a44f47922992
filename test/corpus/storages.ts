/** The same file in every storage and mode that can hold it. */
import { openAsBlob, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type H5File, type Mode, open, openSync } from "h5ts";
import { type RangeServer, type Served, startRangeServer } from "../../packages/core/test/support/range-server.ts";
import { CORPUS, type CorpusEntry, corpusPath } from "../support/corpus.ts";

export interface StorageCase {
  readonly title: string;
  /** Whether other files, which this one names, are found from there. */
  readonly hasNeighbours: boolean;
  open(entry: CorpusEntry): Promise<H5File<Mode>>;
}

/** Serves the whole corpus by ranges. */
export function serveCorpus(): Promise<RangeServer> {
  const files: Record<string, Served> = {};
  for (const found of readdirSync(join(CORPUS, "files"), { recursive: true, withFileTypes: true })) {
    if (!found.isFile()) continue;
    const path = join(found.parentPath, found.name);
    files[path.slice(CORPUS.length + 1)] = path;
  }
  return startRangeServer(files);
}

const bytesOf = (entry: CorpusEntry): Uint8Array => readFileSync(corpusPath(entry.file));
const options = ({ driver }: CorpusEntry): { driver?: "family" | "split" | "multi" } => ({ driver: driver?.name });

export const storageCases = (server: RangeServer): StorageCase[] => [
  {
    title: "async over a Node file",
    hasNeighbours: true,
    open: (entry) => open(corpusPath(entry.file), "r", options(entry)),
  },
  {
    title: "sync over a Node file",
    hasNeighbours: true,
    open: async (entry) => openSync(corpusPath(entry.file), "r", options(entry)),
  },
  {
    title: "async over HTTP",
    hasNeighbours: true,
    open: (entry) => open(server.url(entry.file), "r", options(entry)),
  },
  { title: "sync over memory", hasNeighbours: false, open: async (entry) => openSync(bytesOf(entry)) },
  { title: "async over memory", hasNeighbours: false, open: (entry) => open(bytesOf(entry)) },
  {
    title: "async over a Blob",
    hasNeighbours: false,
    open: async (entry) => open(await openAsBlob(corpusPath(entry.file))),
  },
];
