/** Attributes of an object: compact, as messages of its header, or dense, in a fractal heap. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import { compareText } from "../../bytes/text.ts";
import type { AttributeInfo } from "../../contract.ts";
import { isNamedOtherwise, readAttribute } from "../../format/messages/attribute.ts";
import { type AttributeInfoMessage, attributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { Steps } from "../../steps/steps.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { type ObjectHeader, objectHeader, peekObjectHeader } from "../object-header.ts";
import { isShared, messageSource } from "../shared-message.ts";
import { attributeOf, peekAttribute } from "./attribute-value.ts";
import { denseAttribute, denseAttributeCount, denseAttributes } from "./dense-attributes.ts";

const TITLE = messageTitle(MessageType.attribute);

/** The attribute of that name. */
export function* attribute(file: MetadataFile, object: Address, name: string): Steps<AttributeInfo | undefined> {
  const header = peekObjectHeader(file, object) ?? (yield* objectHeader(file, object));
  const dense = denseStorage(file, header);
  if (dense !== undefined) return yield* denseAttribute(file, dense, name);
  for (const message of header.messages) {
    if (message.type !== MessageType.attribute) continue;
    const shared = isShared(message);
    if (!shared && isNamedOtherwise(name, message.block.bytes, message.offset, message.length)) continue;
    const { from } = shared ? yield* messageSource(file, message) : { from: decoderOf(file, message) };
    const value = readAttribute(from);
    if (value.name === name)
      return peekAttribute(file, value, message.order) ?? (yield* attributeOf(file, value, message.order));
  }
  return undefined;
}

/** All attributes: by name, or in the order of their creation where that is wanted and tracked. */
export function* attributes(file: MetadataFile, object: Address, order: "name" | "creation"): Steps<AttributeInfo[]> {
  const header = peekObjectHeader(file, object) ?? (yield* objectHeader(file, object));
  const dense = denseStorage(file, header);
  const found = dense === undefined ? yield* compactAttributes(file, header) : yield* denseAttributes(file, dense);
  const tracked = found.every((one) => one.creationOrder !== undefined);
  if (order === "creation" && tracked) return found.sort((a, b) => a.creationOrder! - b.creationOrder!);
  return found.sort((a, b) => compareText(a.name, b.name));
}

export function* attributeCount(file: MetadataFile, object: Address): Steps<number> {
  const header = peekObjectHeader(file, object) ?? (yield* objectHeader(file, object));
  const dense = denseStorage(file, header);
  if (dense !== undefined) return yield* denseAttributeCount(file, dense);
  let count = 0;
  for (const message of header.messages) if (message.type === MessageType.attribute) count++;
  return count;
}

function denseStorage(file: MetadataFile, header: ObjectHeader): AttributeInfoMessage | undefined {
  const message = header.find(MessageType.attributeInfo);
  if (message === undefined) return undefined;
  const info = attributeInfoMessage(message.decoder(file.structures.sizes));
  return info.heap === null ? undefined : info;
}

function decoderOf(file: MetadataFile, message: HeaderMessage): Decoder {
  return message.decoder(file.structures.sizes);
}

function* compactAttributes(file: MetadataFile, header: ObjectHeader): Steps<AttributeInfo[]> {
  const found: AttributeInfo[] = [];
  for (const message of header.messages) {
    if (message.type !== MessageType.attribute) continue;
    withinLimit(file.limits, "attributes", found.length + 1, TITLE);
    const { from } = isShared(message) ? yield* messageSource(file, message) : { from: decoderOf(file, message) };
    const value = readAttribute(from);
    found.push(peekAttribute(file, value, message.order) ?? (yield* attributeOf(file, value, message.order)));
  }
  return found;
}
