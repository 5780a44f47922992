/**
 * Datatype messages of numbers and strings (HDF5 File Format Specification, section IV.A.2.d) that were read before: a file
 * has few of them, and each of its datasets and attributes says one again.
 */
import type { Decoder } from "../../bytes/decoder.ts";
import type { Datatype } from "./datatype.ts";
import { type DatatypeBounds, datatypeMessage } from "./datatype-message.ts";

/** Words of a message, by class: of integers, floats, and strings. Others have parts, names, or a tag. */
const WORDS: readonly number[] = [3, 5, 0, 2];
const MOST = 5;
/** Places for types; one that comes to a taken place takes it over. */
const PLACES = 64;

const types: (Datatype | undefined)[] = new Array(PLACES).fill(undefined);
/** The words that each type was read from, and how many they are. */
const keys: Uint32Array = new Uint32Array(PLACES * (MOST + 1));

/** The type that a message begins with; the decoder may stand anywhere after it. */
export function readDatatype(f: Decoder, bounds: DatatypeBounds): Datatype {
  const at = f.here - f.base;
  const words = WORDS[f.block[at] & 15] ?? 0;
  if (words === 0 || f.remaining < 4 * words) return datatypeMessage(f, undefined, bounds);
  const { view } = f;
  let hash = words;
  for (let i = 0; i < words; i++) hash = (Math.imul(hash, 31) + view.getUint32(at + 4 * i, true)) | 0;
  const place = (hash ^ (hash >>> 12)) & (PLACES - 1);
  const key = place * (MOST + 1);
  let same = keys[key + MOST] === words;
  for (let i = 0; same && i < words; i++) same = keys[key + i] === view.getUint32(at + 4 * i, true);
  if (same) return types[place] as Datatype;
  const type = datatypeMessage(f, undefined, bounds);
  for (let i = 0; i < words; i++) keys[key + i] = view.getUint32(at + 4 * i, true);
  keys[key + MOST] = words;
  types[place] = type;
  return type;
}
