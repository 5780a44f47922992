/** Reading of the options that users give a filter, with names that the user sees when one is wrong. */
import { type ChunkDescription, CodecError, type FilterOptions } from "./filter.ts";

/** The options of one filter, each taken once by any of its names; {@link done} objects to what is left. */
export class OptionReader {
  readonly #filter: string;
  readonly #values: Map<string, unknown>;
  readonly #known: string[] = [];

  /**
   * @param positions names for a single value, or for a list in this order
   */
  constructor(filter: string, options: FilterOptions, positions: readonly string[]) {
    this.#filter = filter;
    if (options === undefined) this.#values = new Map();
    else if (typeof options === "object" && !Array.isArray(options)) this.#values = new Map(Object.entries(options));
    else {
      const list: readonly unknown[] = Array.isArray(options) ? options : [options];
      if (list.length > positions.length) this.fail(`${list.length} options, ${positions.length} at most`);
      this.#values = new Map(list.map((value, i) => [positions[i], value]));
    }
  }

  fail(reason: string): never {
    throw new CodecError(this.#filter, reason);
  }

  /** An option by any of its names; `undefined` when it is not given. */
  take(...names: readonly string[]): unknown {
    this.#known.push(names[0]);
    for (const name of names) {
      const value = this.#values.get(name);
      this.#values.delete(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A whole number within bounds. */
  integer(names: readonly string[], fallback: number, min: number, max: number): number {
    const value = this.take(...names) ?? fallback;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      this.fail(`${names[0]} ${String(value)}, not a whole number from ${min} to ${max}`);
    }
    return value;
  }

  /** One of several words, or its number, as an index; `undefined` entries have no word. */
  choice(names: readonly string[], fallback: number, words: readonly (string | undefined)[]): number {
    const value = this.take(...names);
    if (value === undefined) return fallback;
    const index = typeof value === "number" ? value : words.indexOf(String(value));
    if (words[index] === undefined) {
      this.fail(
        `${names[0]} ${JSON.stringify(value)}, not one of ${words.filter((word) => word !== undefined).join(", ")}`,
      );
    }
    return index;
  }

  /** Objects to options that the filter does not have. */
  done(): void {
    const [unknown] = this.#values.keys();
    if (unknown !== undefined) this.fail(`unknown option ${unknown}; it has ${this.#known.join(", ") || "none"}`);
  }
}

/** Elements of a chunk. */
export function elementCount({ dims }: ChunkDescription): number {
  return dims.reduce((n, size) => n * size, 1);
}

/** Bytes of a chunk. */
export function chunkBytes(chunk: ChunkDescription): number {
  return elementCount(chunk) * chunk.type.size;
}

/** A signed number as a word of client data. */
export function word(value: number): number {
  return value >>> 0;
}
