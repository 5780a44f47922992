/** The corpus of real files beside the repository: where it is, what is in it, and the truth of each file. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the corpus: `H5TS_CORPUS`, or `../shared/corpus` beside the repository. */
export const CORPUS: string = process.env.H5TS_CORPUS ?? resolve(root, "../shared/corpus");
/** Damaged files, beside the corpus. */
export const MALFORMED: string = resolve(CORPUS, "../malformed");

export const hasCorpus = (): boolean => existsSync(join(CORPUS, "manifest.json"));

/** Says where the corpus was looked for. */
export const CORPUS_ABSENT: string = `the corpus is absent (${CORPUS}; H5TS_CORPUS names another folder)`;

export interface CorpusEntry {
  readonly file: string;
  /** `null`: only other files refer to it. */
  readonly truth: string | null;
  readonly bytes: number;
  readonly features: readonly string[];
  readonly driver?: { readonly name: "family" | "split" | "multi"; readonly template: string };
  readonly members?: readonly string[];
}

/** A record of a truth file: JSON, of which only what a test looks at is named. */
export interface TruthRecord {
  readonly [key: string]: unknown;
  readonly path?: string;
  readonly name?: string;
  /** `"unreadable"`: libhdf5 could not read this part; it is not compared. */
  readonly oracle?: string;
}

export interface Truth {
  readonly file: string;
  readonly readable: boolean;
  readonly bytes: number;
  readonly filesha256: string;
  readonly superblock?: object;
  readonly companions?: readonly string[];
  readonly objects: readonly TruthRecord[];
}

export const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;

/** All entries of the manifest. */
export const corpusEntries = (): CorpusEntry[] => readJson(join(CORPUS, "manifest.json"));

export const corpusPath = (file: string): string => join(CORPUS, file);

export const truthOf = (entry: CorpusEntry): Truth => readJson(join(CORPUS, entry.truth!));

/** Folder of a file of the corpus, where its companions stand. */
export const folderOf = (file: string): string => dirname(corpusPath(file));

/** Which part of a long run is run: all by default, `H5TS_SCALE=0.1` a tenth. */
export const SCALE: number = Number(process.env.H5TS_SCALE ?? 1);
