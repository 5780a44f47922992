/** The schema of the Arrow table that a dataset or group was made from: an attribute of it, as a message of Arrow's IPC format. */
import type { Schema } from "apache-arrow";
import { type Dataset, FormatError, type Group, type Mode, Result } from "h5ts";
import type { Arrow } from "./arrow.ts";

/** Name of the attribute. Schemas beyond {@link PIECE} bytes go on in `ARROW:schema.1` and so on. */
export const SCHEMA_ATTRIBUTE = "ARROW:schema";
/** Bytes of an attribute: old object headers have no room for 64 KiB. */
const PIECE = 60_000;

const nameOf = (i: number): string => (i === 0 ? SCHEMA_ATTRIBUTE : `${SCHEMA_ATTRIBUTE}.${i}`);

/** Whether an attribute is a piece of a schema. */
export const isSchemaAttribute = (name: string): boolean => /^ARROW:schema(\.\d+)?$/.test(name);

type Place = Dataset<Mode> | Group<Mode>;

export async function writeSchema(arrow: Arrow, place: Place, schema: Schema): Promise<void> {
  const writer = new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  const bytes = writer.toUint8Array(true);
  for (let i = 0; i === 0 || i * PIECE < bytes.length; i++) {
    await place.attrs.set(nameOf(i), bytes.slice(i * PIECE, (i + 1) * PIECE));
  }
}

/** The schema; `undefined` where there is none. FormatError where it cannot be read. */
export async function readSchema(arrow: Arrow, place: Place): Promise<Schema | undefined> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece: unknown = await place.attrs.get(nameOf(pieces.length));
    if (!(piece instanceof Result) || !(piece.data instanceof Uint8Array)) break;
    pieces.push(piece.data);
  }
  if (pieces.length === 0) return undefined;
  try {
    return arrow.RecordBatchReader.from(joined(pieces)).open().schema;
  } catch (cause) {
    throw new FormatError("is no schema of Arrow's", { structure: SCHEMA_ATTRIBUTE, path: place.name, cause });
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
