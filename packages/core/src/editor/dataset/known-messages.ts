/** Messages that say the same of many datasets and attributes: encoded once. */
import { encode } from "../../bytes/encode.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { datatypeMessage } from "../../format/datatype/datatype-message.ts";
import { type Dataspace, dataspaceMessage } from "../../format/messages/dataspace.ts";
import { type FillValue, fillValueMessage } from "../../format/messages/fill-value.ts";
import type { EditorFile } from "../editor-file.ts";
import { dataspaceVersion, versionedDatatype } from "./structure-versions.ts";

/** By the datatype with the versions that suit the file. What it says does not depend on widths of addresses. */
const datatypes = new WeakMap<Datatype, Uint8Array>();

/** The datatype message, in the version that suits the file. */
export function datatypeBytes({ bounds, structures }: EditorFile, datatype: Datatype): Uint8Array {
  const type = versionedDatatype(datatype, bounds);
  let bytes = datatypes.get(type);
  if (bytes === undefined) {
    bytes = encode(structures.sizes, (f) => void datatypeMessage(f, type)).slice();
    datatypes.set(type, bytes);
  }
  return bytes;
}

/** Scalar dataspaces, by their version. */
const scalars: (Uint8Array | undefined)[] = [];

/** The dataspace message, in the version that suits the file. */
export function dataspaceBytes({ bounds, structures }: EditorFile, space: Dataspace): Uint8Array {
  const version = dataspaceVersion(bounds, space.kind);
  const known = space.kind === "scalar" ? scalars[version] : undefined;
  if (known !== undefined) return known;
  const bytes = encode(structures.sizes, (f) => void dataspaceMessage(f, { ...space, version }));
  if (space.kind === "scalar") scalars[version] = bytes.slice();
  return bytes;
}

/** Fill values that are no more than settings. */
const plainFills = new Map<string, Uint8Array>();

export function fillBytes({ structures }: EditorFile, fill: FillValue): Uint8Array {
  if (fill.value !== undefined) return encode(structures.sizes, (f) => void fillValueMessage(f, fill));
  const key = `${fill.version} ${fill.defined} ${fill.allocTime} ${fill.writeTime}`;
  let bytes = plainFills.get(key);
  if (bytes === undefined) {
    bytes = encode(structures.sizes, (f) => void fillValueMessage(f, fill)).slice();
    plainFills.set(key, bytes);
  }
  return bytes;
}
