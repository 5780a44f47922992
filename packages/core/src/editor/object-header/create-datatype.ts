/** Making of committed datatypes: objects that are a datatype message, which others share. */
import type { Address } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { NewObject } from "../../contract.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { datatypeMessage } from "../../format/datatype/datatype-message.ts";
import { MessageFlag, MessageType } from "../../format/messages/message-type.ts";
import { headerVersion, requireVersion, versionedDatatype } from "../dataset/structure-versions.ts";
import type { EditorFile } from "../editor-file.ts";
import { createHeader, newTimes } from "./new-header.ts";

/** Makes a committed datatype that no link leads to yet; the address of its object header. */
export function createDatatype(file: EditorFile, datatype: Datatype, options: NewObject): Address {
  const { bounds } = file;
  const { attributeOrder, trackTimes } = options;
  const type = versionedDatatype(datatype, bounds);
  if (attributeOrder.tracked) requireVersion(bounds, "v108", "an object header with the order of attributes");
  const version = headerVersion(bounds, attributeOrder.tracked);
  const to = new Encoder(file.structures.sizes);
  datatypeMessage(to, type);
  return createHeader(file, {
    version,
    attributeOrder,
    ...newTimes(file, version, trackTimes),
    messages: [
      { type: MessageType.datatype, flags: MessageFlag.constant | MessageFlag.mustNotShare, data: to.finish() },
    ],
    room: 0,
  });
}
