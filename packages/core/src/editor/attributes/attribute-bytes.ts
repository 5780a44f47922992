/** Attribute messages as bytes, in the versions that suit the file: the reference library's choice. */
import { Decoder } from "../../bytes/decoder.ts";
import { encode } from "../../bytes/encode.ts";
import { encodeText } from "../../bytes/text.ts";
import type { NewAttribute } from "../../contract.ts";
import { elementCount } from "../../data/attribute-value.ts";
import { withinLimit } from "../../engine/limits.ts";
import { DTypeError, UnsupportedError } from "../../errors.ts";
import { type AttributeMessage, attributeMessage, newAttribute } from "../../format/messages/attribute.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { committedTypeMessage } from "../dataset/committed-type.ts";
import { dataspaceBytes, datatypeBytes } from "../dataset/known-messages.ts";
import { isAtLeast, requireVersion } from "../dataset/structure-versions.ts";
import type { EditorFile } from "../editor-file.ts";

const TITLE = messageTitle(MessageType.attribute);
/** The most that the length fields of name, datatype and dataspace can say. */
const LARGEST_PART = 0xffff;

/** The message of a new attribute; heap objects of its source have their places already. */
export function newAttributeBytes(file: EditorFile, attribute: NewAttribute): Uint8Array {
  const { charset, committed, dataspace, datatype: type, source } = attribute;
  const name = encodeText(attribute.name);
  if (name.length === 0 || name.length >= LARGEST_PART)
    refuse(attribute.name, "has a name of a length that the format does not have", name.length);
  const datatype =
    committed === undefined
      ? datatypeBytes(file, type)
      : encode(file.structures.sizes, committedTypeMessage(committed));
  if (datatype.length > LARGEST_PART)
    refuse(attribute.name, "has a datatype whose description is too long", datatype.length);
  const count = elementCount(dataspace);
  if (count > 0 && source.elementSize !== type.size) wrongSize(attribute.name, source.elementSize, type.size);
  withinLimit(file.limits, "chunkBytes", count * type.size, TITLE);
  const { bytes, data } = newAttribute({
    version: versionOf(file, attribute),
    name,
    charset,
    datatypeShared: committed !== undefined,
    datatype,
    dataspace: dataspaceBytes(file, dataspace),
    size: count * type.size,
  });
  if (count > 0) source.take(0, count, bytes, data, type.size);
  return bytes;
}

/** Version 1 where it serves; 2 has shared datatypes, 3 the character set of the name. */
function versionOf({ bounds }: EditorFile, { charset, committed }: NewAttribute): 1 | 2 | 3 {
  if (charset === "ascii" && !isAtLeast(bounds, "v108")) return committed === undefined ? 1 : 2;
  requireVersion(bounds, "v108", "an attribute whose name is UTF-8");
  return 3;
}

export function wrongSize(name: string, found: number, allowed: number): never {
  throw new DTypeError("has elements of another size than are given", {
    structure: TITLE,
    found: `${found} bytes for ${JSON.stringify(name)}`,
    allowed: `${allowed}`,
  });
}

function refuse(name: string, reason: string, length: number): never {
  throw new UnsupportedError(`${reason}: attribute ${JSON.stringify(name.slice(0, 100))}`, {
    structure: TITLE,
    found: `${length} bytes`,
    allowed: `1 to ${LARGEST_PART - 1}`,
  });
}

export const decodeAttribute = (file: EditorFile, bytes: Uint8Array): AttributeMessage =>
  attributeMessage(new Decoder(bytes, file.structures.sizes, TITLE));

export const encodeAttribute = (file: EditorFile, value: AttributeMessage): Uint8Array =>
  encode(file.structures.sizes, (f) => void attributeMessage(f, value));
