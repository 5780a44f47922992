/** The header messages of a new dataset, in the order and with the flags of the reference library. */
import { encode } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { NewDataset } from "../../contract.ts";
import { DTypeError, UnsupportedError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { type DataLayout, dataLayoutMessage } from "../../format/messages/data-layout.ts";
import { type ExternalDataFiles, externalDataFilesMessage } from "../../format/messages/external-data-files.ts";
import { type FillValue, oldFillValueMessage } from "../../format/messages/fill-value.ts";
import { filterPipelineMessage } from "../../format/messages/filter-pipeline.ts";
import { MessageFlag, MessageType } from "../../format/messages/message-type.ts";
import { modificationTimeMessage } from "../../format/messages/modification-time.ts";
import type { EditorFile, VersionBounds } from "../editor-file.ts";
import type { NewHeader } from "../object-header/new-header.ts";
import { committedTypeMessage } from "./committed-type.ts";
import { dataspaceBytes, datatypeBytes, fillBytes } from "./known-messages.ts";
import { fillVersion, headerVersion, isAtLeast, pipelineVersion } from "./structure-versions.ts";

type Message = NewHeader["messages"][number];

/** What the messages point at. */
export interface DatasetParts {
  readonly layout: DataLayout;
  readonly external: ExternalDataFiles | undefined;
}

/** `options`: with the fill value that {@link newFill} gives. */
export function datasetMessages(file: EditorFile, options: NewDataset, parts: DatasetParts): Message[] {
  const { bounds } = file;
  const { constant } = MessageFlag;
  const messages: Message[] = [];
  const add = (type: number, data: Uint8Array, flags = 0): void => void messages.push({ type, flags, data });
  const encoded = (write: (f: Fields) => void): Uint8Array => encode(file.structures.sizes, write);
  const { dataspace, pipeline, committed, fill } = options;
  const { layout, external } = parts;
  add(MessageType.dataspace, dataspaceBytes(file, dataspace));
  if (committed === undefined) add(MessageType.datatype, datatypeBytes(file, options.datatype), constant);
  else add(MessageType.datatype, encoded(committedTypeMessage(committed)), constant | MessageFlag.shared);
  add(MessageType.fillValue, fillBytes(file, fill), constant);
  if (fill.defined === "user" && !isAtLeast(bounds, "v108")) {
    const old = encoded((f) => void oldFillValueMessage(f, fill));
    add(MessageType.fillValueOld, old, constant);
  }
  if (pipeline.filters.length > 0) {
    const versioned = { ...pipeline, version: pipelineVersion(bounds) };
    const filters = encoded((f) => void filterPipelineMessage(f, versioned));
    add(MessageType.filterPipeline, filters, constant);
  }
  if (external !== undefined) {
    const files = encoded((f) => void externalDataFilesMessage(f, external));
    add(MessageType.externalDataFiles, files);
  }
  add(
    MessageType.dataLayout,
    encoded((f) => void dataLayoutMessage(f, layout)),
  );
  // Headers of version 2 keep times in their prefix.
  if (options.trackTimes && headerVersion(bounds, options.attributeOrder.tracked) === 1) {
    const time = { seconds: file.now() };
    const modified = encoded((f) => void modificationTimeMessage(f, time));
    add(MessageType.modificationTime, modified);
  }
  return messages;
}

/** The fill value message; settings that contradict each other are refused as the reference library does. */
export function newFill(options: NewDataset, bounds: VersionBounds): FillValue {
  const { fill, datatype, layout } = options;
  if (fill.defined === "user" && fill.value?.length !== datatype.size)
    throw new DTypeError("has a fill value of another size than its elements", {
      found: `${fill.value?.length ?? 0} bytes`,
      allowed: String(datatype.size),
    });
  if (fill.defined === "undefined" && fill.writeTime === "onalloc")
    throw new UnsupportedError("cannot write a fill value that is undefined", { found: "fillTime alloc" });
  let { writeTime } = fill;
  if (hasVariableLength(datatype)) {
    if (writeTime === "never")
      throw new UnsupportedError("needs fill values for data of variable length", { found: "fillTime never" });
    if (writeTime === "ifset" && fill.defined === "default") writeTime = "onalloc";
  }
  const allocTime = layout.class === "compact" ? "early" : fill.allocTime;
  return { ...fill, writeTime, allocTime, version: fillVersion(bounds) };
}

function hasVariableLength(type: Datatype): boolean {
  switch (type.class) {
    case "vlen":
      return true;
    case "array":
      return hasVariableLength(type.base);
    case "compound":
      return type.members.some((member) => hasVariableLength(member.type));
    default:
      return false;
  }
}
