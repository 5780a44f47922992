/** Client data of n-bit from the datatype, as libhdf5's "set local" callback makes it; see `tree.ts`. */
import type { ChunkDescription, ClientData, ElementType, FilterOptions } from "../../filter.ts";
import { elementCount, OptionReader } from "../../options.ts";

/** Classes that are described; chunks of others are stored as they are. */
const PACKABLE = ["integer", "float", "array", "compound"];

/** There are no options. */
export function nbitClientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  new OptionReader("nbit", options, []).done();
  const words = [0, 0, elementCount(chunk)];
  const { class: kind } = chunk.type;
  const packs = PACKABLE.includes(kind) && writeNode(words, chunk.type);
  words[0] = words.length;
  words[1] = packs ? 0 : 1;
  return words;
}

/** Appends the node of a type; tells whether any of its numbers has bits that are not kept. */
function writeNode(words: number[], type: ElementType): boolean {
  const { class: kind, size, base, members } = type;
  if (kind === "integer" || kind === "float") {
    const { precision = 8 * size, bitOffset = 0, order } = type;
    words.push(1, size, order === "be" ? 1 : 0, precision, bitOffset);
    return precision !== 8 * size || bitOffset !== 0;
  }
  if (kind === "array" && base) {
    words.push(2, size);
    return writeNode(words, base);
  }
  if (kind === "compound" && members) {
    words.push(3, size, members.length);
    let packs = false;
    for (const { offset = 0, type: member } of members) {
      words.push(offset);
      if (member && writeNode(words, member)) packs = true;
    }
    return packs;
  }
  words.push(4, size);
  return false;
}
