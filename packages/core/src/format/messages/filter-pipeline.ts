/** Filter pipeline message, type 0x000B (HDF5 File Format Specification, section IV.A.2.l): the filters of chunks and of fractal heaps. */

import type { Fields } from "../../bytes/fields.ts";
import { decodeText, encodeText } from "../../bytes/text.ts";

export interface FilterDescription {
  /** Number in the HDF Group's registry. */
  readonly id: number;
  /** As stored; empty where the message has none. */
  readonly name: string;
  /** Bit 0: optional, may be skipped for a chunk on writing. */
  readonly flags: number;
  readonly clientData: readonly number[];
}

/** In the order of writing; reading undoes them from the last. */
export interface FilterPipeline {
  readonly version?: 1 | 2;
  readonly filters: readonly FilterDescription[];
}

/** As many as the reference library allows; a chunk's filter mask has a bit for each. */
const MAX_FILTERS = 32;
/** From this id on a message of version 2 gives the name; those below are the HDF Group's own. */
const FIRST_NAMED = 256;

/** The message, versions 1 and 2. Written in the value's own version, 1 where it has none. */
export function filterPipelineMessage(f: Fields, v?: FilterPipeline): FilterPipeline {
  const version = f.u8(v && (v.version ?? 1));
  if (version !== 1 && version !== 2) return f.fail("has an unknown version", version, "1 or 2");
  const count = f.u8(v?.filters.length);
  if (count > MAX_FILTERS) f.fail("has too many filters", count, `at most ${MAX_FILTERS}`);
  if (version === 1) f.reserved(6);
  const filters: FilterDescription[] = [];
  for (let i = 0; i < count; i++) filters.push(description(f, version, v?.filters[i]));
  return { version, filters };
}

function description(f: Fields, version: 1 | 2, v?: FilterDescription): FilterDescription {
  const id = f.u16(v?.id);
  const name = v && nameBytes(v.name, version);
  const nameLength = version === 2 && id < FIRST_NAMED ? 0 : f.u16(name?.length);
  if (version === 1 && nameLength % 8 !== 0) f.fail("has a name of a wrong length", nameLength, "a multiple of 8");
  const flags = f.u16(v?.flags);
  const values = f.u16(v?.clientData.length);
  const text = nameLength === 0 ? "" : nameText(f.bytes(name, nameLength));
  if (values * 4 > f.remaining) f.fail("has more client data than bytes", values);
  const clientData: number[] = [];
  for (let i = 0; i < values; i++) clientData.push(f.u32(v?.clientData[i]));
  if (version === 1 && values % 2 !== 0) f.reserved(4);
  return { id, name: text, flags, clientData };
}

/** With the NUL; version 1 pads to 8 bytes. No name takes no bytes. */
function nameBytes(name: string, version: 1 | 2): Uint8Array {
  const text = encodeText(name);
  if (text.length === 0) return text;
  const padded = new Uint8Array(version === 1 ? Math.ceil((text.length + 1) / 8) * 8 : text.length + 1);
  padded.set(text);
  return padded;
}

/** Up to the first NUL: not every writer ends the name with one. */
function nameText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(bytes, 0, end < 0 ? bytes.length : end);
}
