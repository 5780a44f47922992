/** An attribute as its message describes it. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { AttributeInfo } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { readDatatype } from "../../format/datatype/known-types.ts";
import type { AttributeParts } from "../../format/messages/attribute.ts";
import { dataspaceMessage } from "../../format/messages/dataspace.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { sharedSource } from "../shared-message.ts";

const TITLE = messageTitle(MessageType.attribute);

/** The attribute that a message describes, where its parts are not shared. */
export function peekAttribute(file: MetadataFile, message: AttributeParts, order?: number): AttributeInfo | undefined {
  if (message.datatypeShared || message.dataspaceShared) return undefined;
  return assemble(file, message, message.datatype, undefined, message.dataspace, order);
}

/** The attribute that a message describes. In hot paths: `peekAttribute(...) ?? (yield* attributeOf(...))`. */
export function* attributeOf(file: MetadataFile, message: AttributeParts, order?: number): Steps<AttributeInfo> {
  let { datatype, dataspace } = message;
  let committed: Address | undefined;
  if (message.datatypeShared) {
    ({ from: datatype, committed } = yield* sharedSource(file, MessageType.datatype, datatype));
  }
  if (message.dataspaceShared) ({ from: dataspace } = yield* sharedSource(file, MessageType.dataspace, dataspace));
  return assemble(file, message, datatype, committed, dataspace, order);
}

function assemble(
  file: MetadataFile,
  message: AttributeParts,
  typeFrom: Decoder,
  committed: Address | undefined,
  spaceFrom: Decoder,
  order: number | undefined,
): AttributeInfo {
  const datatype = readDatatype(typeFrom, file.limits);
  const dataspace = dataspaceMessage(spaceFrom);
  const elements = dataspace.kind === "null" ? 0 : dataspace.dims.reduce((product, n) => product * n, 1);
  const length = elements * datatype.size;
  if (length > message.data.length) {
    throw new FormatError("has fewer bytes than elements", {
      structure: TITLE,
      found: `${message.data.length} bytes for ${JSON.stringify(message.name)}`,
      allowed: `${length}`,
    });
  }
  const { name, charset } = message;
  const data = message.data.length === length ? message.data : message.data.subarray(0, length);
  // Most have neither; spreading takes longer than all the rest.
  if (committed === undefined && order === undefined) return { name, charset, datatype, dataspace, data };
  return {
    name,
    charset,
    datatype,
    ...(committed === undefined ? {} : { committed }),
    dataspace,
    data,
    ...(order === undefined ? {} : { creationOrder: order }),
  };
}
