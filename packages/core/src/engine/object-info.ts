/** What an object header says: kind, and the messages of that kind decoded. */
import type { Decoder } from "../bytes/decoder.ts";
import type {
  AnyObjectInfo,
  CreationOrder,
  DatasetInfo,
  DatatypeInfo,
  ExternalFile,
  GroupInfo,
  ObjectInfo,
  ObjectTimes,
  UnknownInfo,
} from "../contract.ts";
import { FormatError } from "../errors.ts";
import { readDatatype } from "../format/datatype/known-types.ts";
import { attributeInfoMessage } from "../format/messages/attribute-info.ts";
import { dataLayoutMessage } from "../format/messages/data-layout.ts";
import { dataspaceMessage } from "../format/messages/dataspace.ts";
import { type FillValue, fillValueMessage, oldFillValueMessage } from "../format/messages/fill-value.ts";
import { type FilterPipeline, filterPipelineMessage } from "../format/messages/filter-pipeline.ts";
import { type LinkInfoMessage, linkInfoMessage } from "../format/messages/link-info.ts";
import { MessageType } from "../format/messages/message-type.ts";
import { modificationTimeMessage, oldModificationTimeMessage } from "../format/messages/modification-time.ts";
import { objectCommentMessage } from "../format/messages/object-comment.ts";
import { referenceCountMessage } from "../format/messages/reference-count.ts";
import type { HeaderMessage } from "../format/object-header/header-message.ts";
import type { Steps } from "../steps/steps.ts";
import { externalFiles } from "./external-files.ts";
import type { MetadataFile } from "./metadata-file.ts";
import type { ObjectHeader } from "./object-header.ts";
import { isShared, type MessageSource, sharedSources } from "./shared-message.ts";

const NO_FILTERS: FilterPipeline = { filters: [] };
/** Of datasets that were written before there were fill values. */
const NO_FILL: FillValue = { defined: "undefined", allocTime: "late", writeTime: "ifset" };
const NOT_TRACKED: CreationOrder = { tracked: false, indexed: false };

/** What the header says, where that needs nothing that stands elsewhere. */
export function peekObjectInfo(file: MetadataFile, header: ObjectHeader): AnyObjectInfo | undefined {
  if (header.info !== undefined) return header.info;
  for (const message of header.messages) {
    if (
      message.type !== MessageType.attribute &&
      (isShared(message) || message.type === MessageType.externalDataFiles)
    ) {
      return undefined;
    }
  }
  header.info = new Description(file, header, undefined, []).info();
  return header.info;
}

/** What the header says. In hot paths: `peekObjectInfo(...) ?? (yield* objectInfo(...))`. */
export function* objectInfo(file: MetadataFile, header: ObjectHeader): Steps<AnyObjectInfo> {
  if (header.info !== undefined) return header.info;
  const own = header.messages.filter((message) => message.type !== MessageType.attribute);
  const sources = yield* sharedSources(file, own);
  const external = header.only(MessageType.externalDataFiles);
  const files = external === undefined ? [] : yield* externalFiles(file, external);
  header.info = new Description(file, header, sources, files).info();
  return header.info;
}

/** One header on its way to being an {@link AnyObjectInfo}. */
export class Description {
  private readonly file: MetadataFile;
  private readonly header: ObjectHeader;
  private readonly sources: ReadonlyMap<HeaderMessage, MessageSource> | undefined;
  private readonly external: readonly ExternalFile[];

  constructor(
    file: MetadataFile,
    header: ObjectHeader,
    sources: ReadonlyMap<HeaderMessage, MessageSource> | undefined,
    external: readonly ExternalFile[],
  ) {
    this.file = file;
    this.header = header;
    this.sources = sources;
    this.external = external;
  }

  /** As the reference library decides: a group has links, a dataset a type and an extent, a committed type only a type. */
  info(): AnyObjectInfo {
    const { header } = this;
    if (header.find(MessageType.symbolTable)) return this.group("symbol-table", NOT_TRACKED);
    const links = header.only(MessageType.linkInfo);
    if (links !== undefined) return this.newGroup(linkInfoMessage(this.source(links).from));
    if (header.find(MessageType.datatype) === undefined) return this.common();
    return header.find(MessageType.dataspace) === undefined ? this.datatype() : this.dataset();
  }

  private newGroup(links: LinkInfoMessage): GroupInfo {
    const order = { tracked: links.orderTracked, indexed: links.orderIndexed };
    return this.group(links.heap === null ? "compact" : "dense", order);
  }

  private group(storage: GroupInfo["storage"], linkOrder: CreationOrder): GroupInfo {
    const common = this.common();
    return {
      address: common.address,
      kind: "group",
      headerVersion: common.headerVersion,
      referenceCount: common.referenceCount,
      times: common.times,
      comment: common.comment,
      attributeOrder: common.attributeOrder,
      attributeStorage: common.attributeStorage,
      storage,
      linkOrder,
    };
  }

  private datatype(): DatatypeInfo {
    const { from } = this.source(this.required(MessageType.datatype));
    const common = this.common();
    return {
      address: common.address,
      kind: "datatype",
      headerVersion: common.headerVersion,
      referenceCount: common.referenceCount,
      times: common.times,
      comment: common.comment,
      attributeOrder: common.attributeOrder,
      attributeStorage: common.attributeStorage,
      datatype: readDatatype(from, this.file.limits),
    };
  }

  private dataset(): DatasetInfo {
    const { header } = this;
    const common = this.common();
    const type = this.source(this.required(MessageType.datatype));
    const pipeline = header.only(MessageType.filterPipeline);
    return {
      address: common.address,
      kind: "dataset",
      headerVersion: common.headerVersion,
      referenceCount: common.referenceCount,
      times: common.times,
      comment: common.comment,
      attributeOrder: common.attributeOrder,
      attributeStorage: common.attributeStorage,
      datatype: readDatatype(type.from, this.file.limits),
      committed: type.committed,
      dataspace: dataspaceMessage(this.source(this.required(MessageType.dataspace)).from),
      layout: dataLayoutMessage(this.source(this.required(MessageType.dataLayout)).from),
      pipeline: pipeline === undefined ? NO_FILTERS : filterPipelineMessage(this.source(pipeline).from),
      fill: this.fill(),
      external: this.external,
    };
  }

  /** The old message stands beside the new one for old readers, and then says the same. */
  private fill(): FillValue {
    const message = this.header.find(MessageType.fillValue);
    if (message !== undefined) return fillValueMessage(this.source(message).from);
    const old = this.header.find(MessageType.fillValueOld);
    return old === undefined ? NO_FILL : oldFillValueMessage(this.source(old).from);
  }

  private required(type: number): HeaderMessage {
    const message = this.header.only(type);
    if (message !== undefined) return message;
    throw new FormatError("lacks a message that a dataset needs", {
      structure: "Object header",
      address: this.header.address,
      allowed: `message of type 0x${type.toString(16).padStart(2, "0")}`,
    });
  }

  private source(message: HeaderMessage): MessageSource {
    return this.sources?.get(message) ?? { from: message.decoder(this.file.structures.sizes) };
  }

  private decoder(type: number): Decoder | undefined {
    const message = this.header.find(type);
    return message && this.source(message).from;
  }

  /** What all objects have. Not spread into theirs: that takes microseconds, far more than all the rest. */
  private common(): UnknownInfo {
    const { header } = this;
    const { first } = header;
    const comment = this.decoder(MessageType.objectComment);
    return {
      address: header.address,
      kind: "unknown",
      headerVersion: first.version,
      referenceCount: first.version === 1 ? first.referenceCount : this.referenceCount(),
      times: this.times(),
      comment: comment && objectCommentMessage(comment).comment,
      attributeOrder: orderOf(first),
      attributeStorage: this.attributeStorage(),
    };
  }

  private referenceCount(): number {
    const message = this.decoder(MessageType.referenceCount);
    return message === undefined ? 1 : referenceCountMessage(message).count;
  }

  private times(): ObjectTimes | undefined {
    const { first } = this.header;
    if (first.version === 2) return first.times;
    const message = this.decoder(MessageType.modificationTime);
    if (message !== undefined) return { modified: modificationTimeMessage(message).seconds };
    const old = this.decoder(MessageType.modificationTimeOld);
    return old && { modified: oldModificationTimeMessage(old).seconds };
  }

  private attributeStorage(): ObjectInfo["attributeStorage"] {
    const info = this.decoder(MessageType.attributeInfo);
    if (info !== undefined && attributeInfoMessage(info).heap !== null) return "dense";
    return this.header.find(MessageType.attribute) === undefined ? "none" : "compact";
  }
}

function orderOf(first: ObjectHeader["first"]): CreationOrder {
  if (first.version === 1 || !first.attributeOrderTracked) return NOT_TRACKED;
  return { tracked: true, indexed: first.attributeOrderIndexed };
}
