/** Attribute messages as bytes, in the versions that suit the file: the reference library's choice. */
import { Decoder } from "../../bytes/decoder.ts";
import { encode } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodeText } from "../../bytes/text.ts";
import type { NewAttribute } from "../../contract.ts";
import { elementCount } from "../../data/attribute-value.ts";
import type { Source } from "../../data/source.ts";
import { withinLimit } from "../../engine/limits.ts";
import { DTypeError, UnsupportedError } from "../../errors.ts";
import { datatypeMessage } from "../../format/datatype/datatype-message.ts";
import { type AttributeMessage, attributeMessage } from "../../format/messages/attribute.ts";
import { dataspaceMessage } from "../../format/messages/dataspace.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { committedTypeMessage } from "../dataset/committed-type.ts";
import { dataspaceVersion, isAtLeast, requireVersion, versionedDatatype } from "../dataset/structure-versions.ts";
import type { EditorFile } from "../editor-file.ts";

const TITLE = messageTitle(MessageType.attribute);
/** The most that the length fields of name, datatype and dataspace can say. */
const LARGEST_PART = 0xffff;

/** The message of a new attribute; heap objects of its source have their places already. */
export function newAttributeBytes(file: EditorFile, attribute: NewAttribute): Uint8Array {
  const { name, charset, committed, source } = attribute;
  const { bounds } = file;
  const space = { ...attribute.dataspace, version: dataspaceVersion(bounds, attribute.dataspace.kind) };
  const writeType =
    committed === undefined
      ? (f: Fields): void => void datatypeMessage(f, versionedDatatype(attribute.datatype, bounds))
      : committedTypeMessage(committed);
  const { length } = encodeText(name);
  if (length === 0 || length >= LARGEST_PART)
    refuse(name, "has a name of a length that the format does not have", length);
  const datatype = encoded(file, writeType);
  if (datatype.length > LARGEST_PART) refuse(name, "has a datatype whose description is too long", datatype.length);
  return encodeAttribute(file, {
    version: versionOf(file, attribute),
    name,
    charset,
    datatypeShared: committed !== undefined,
    datatype,
    dataspaceShared: false,
    dataspace: encoded(file, (f) => void dataspaceMessage(f, space)),
    data: elementsOf(file, attribute, source),
  });
}

/** Version 1 where it serves; 2 has shared datatypes, 3 the character set of the name. */
function versionOf({ bounds }: EditorFile, { charset, committed }: NewAttribute): 1 | 2 | 3 {
  if (charset === "ascii" && !isAtLeast(bounds, "v108")) return committed === undefined ? 1 : 2;
  requireVersion(bounds, "v108", "an attribute whose name is UTF-8");
  return 3;
}

function elementsOf(file: EditorFile, { name, dataspace, datatype }: NewAttribute, source: Source): Uint8Array {
  const count = elementCount(dataspace);
  if (count > 0 && source.elementSize !== datatype.size) wrongSize(name, source.elementSize, datatype.size);
  withinLimit(file.limits, "chunkBytes", count * datatype.size, TITLE);
  const data = new Uint8Array(count * datatype.size);
  if (count > 0) source.take(0, count, data, 0, datatype.size);
  return data;
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
  encoded(file, (f) => void attributeMessage(f, value));

function encoded(file: EditorFile, write: (f: Fields) => void): Uint8Array {
  return encode(file.structures.sizes, write);
}
