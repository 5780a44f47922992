/** The damaged inputs of a run, each by a number: files that are damaged as they are, and mutants of good ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { corpusEntries, corpusPath, MALFORMED, truthOf } from "../support/corpus.ts";
import { mutant, structuresIn } from "./mutate.ts";

export interface Input {
  /** Which file it was, and what was done to it. */
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** Files up to this many bytes are mutated: more would only take longer. */
const LARGEST = 300_000;
/** Objects whose addresses are taken from the truth of a file. */
const OBJECTS = 400;

/** Mutants of the corpus by their seed, from 0. */
export class Mutants {
  private readonly entries = corpusEntries().filter(
    (e) => e.truth !== null && e.driver === undefined && e.bytes <= LARGEST,
  );
  private readonly structures: Map<string, number[]> = new Map();

  of(seed: number): Input {
    // Neighbouring seeds take files far apart.
    const entry = this.entries[(seed * 7919) % this.entries.length];
    const bytes = readFileSync(corpusPath(entry.file));
    let structures = this.structures.get(entry.file);
    if (structures === undefined) {
      const objects = truthOf(entry).objects.slice(0, OBJECTS);
      structures = structuresIn(
        bytes,
        objects.map((object) => Number(object.addr)),
      );
      this.structures.set(entry.file, structures);
    }
    const made = mutant(bytes, structures, seed);
    return { title: `mutant ${seed} of ${entry.file}: ${made.damages.join(", ")}`, bytes: made.bytes };
  }
}

/** Files that are damaged as they are, in the order of their paths. */
export function malformedFiles(): string[] {
  const folder = join(MALFORMED, "files");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name))
    .sort();
}
