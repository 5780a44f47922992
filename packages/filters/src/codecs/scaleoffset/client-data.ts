/** Client data of scale-offset from options and chunks, as libhdf5's "set local" callback makes it. */
import type { ChunkDescription, ClientData, FilterOptions } from "../../filter.ts";
import { elementCount, OptionReader } from "../../options.ts";
import { WORDS } from "./parameters.ts";

const FLOAT_SCALE = 0;
const INTEGER = 2;

/**
 * Options: a number or `{ scale }`: for integers the bits a value, 0 (default) for as many as needed; for floats the
 * decimal digits that are kept, which there is no default for.
 */
export function scaleOffsetClientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  const reader = new OptionReader("scaleoffset", options, ["scale"]);
  const { type, fillValue } = chunk;
  const { size, order } = type;
  const float = type.class === "float";
  if (!float && type.class !== "integer" && type.class !== "enum") {
    reader.fail(`it can not work on elements of class ${type.class}`);
  }
  if (![1, 2, 4, 8].includes(size) || (float && size < 4)) reader.fail(`it can not work on elements of ${size} bytes`);
  const scale = reader.integer(
    ["scale", "scaleoffset"],
    float ? Number.NaN : 0,
    float ? -400 : 0,
    float ? 400 : 8 * size,
  );
  reader.done();
  const bigEndian = order === "be";
  const words = new Array<number>(WORDS).fill(0);
  words.splice(0, 5, float ? FLOAT_SCALE : INTEGER, scale >>> 0, elementCount(chunk), float ? 1 : 0, size);
  words.splice(
    5,
    3,
    !float && (type.signed ?? type.base?.signed) ? 1 : 0,
    bigEndian ? 1 : 0,
    fillValue === null ? 0 : 1,
  );
  if (fillValue) {
    for (let i = 0; i < size; i++) {
      const byte = fillValue[bigEndian ? size - 1 - i : i] ?? 0;
      words[8 + (i >> 2)] = (words[8 + (i >> 2)] | (byte << (8 * (i & 3)))) >>> 0;
    }
  }
  return words;
}
