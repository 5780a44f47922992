/** The metadata half of an open file: objects, links, paths and attributes. */
import type { Address } from "../bytes/address.ts";
import type { AnyObjectInfo, AttributeInfo, DatasetInfo, FileInfo, LinkInfo } from "../contract.ts";
import { OBJECT_HEADER } from "../format/object-header/object-header.ts";
import { closeStorage } from "../steps/close.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import type { Range } from "../steps/pages.ts";
import type { Steps } from "../steps/steps.ts";
import { attribute, attributeCount, attributes } from "./attributes/attributes.ts";
import { link, linkCount, links } from "./group/links.ts";
import { symbolTableRanges } from "./group/symbol-table.ts";
import type { GroupHint, MetadataFile } from "./metadata-file.ts";
import { type ObjectHeader, objectHeader, peekObjectHeader } from "./object-header.ts";
import { objectInfo, peekObjectInfo } from "./object-info.ts";

/** Opens another file, with the same options but for its own policy of links. */
export type OpenLinked<R> = (storage: Storage, links: LinkPolicy) => Steps<R>;

export class MetadataReader {
  readonly file: MetadataFile;

  constructor(file: MetadataFile) {
    this.file = file;
  }

  get info(): FileInfo {
    return this.file.info;
  }

  *object(address: Address): Steps<AnyObjectInfo> {
    const { file } = this;
    const hint = file.hints.size > 0 ? file.hints.take(address) : undefined;
    if (hint !== undefined) yield* this.prefetch(address, hint);
    const header: ObjectHeader = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
    const info = peekObjectInfo(file, header) ?? (yield* objectInfo(file, header));
    return info.kind === "dataset" && info.layout.class === "virtual" ? yield* this.virtualDataset(info) : info;
  }

  /** The same without asking where the elements of virtual datasets are. */
  *stored(address: Address): Steps<AnyObjectInfo> {
    const header = peekObjectHeader(this.file, address) ?? (yield* objectHeader(this.file, address));
    return peekObjectInfo(this.file, header) ?? (yield* objectInfo(this.file, header));
  }

  protected *virtualDataset(dataset: DatasetInfo): Steps<DatasetInfo> {
    return dataset;
  }

  /** With a group's header comes what its links are probably read from next. */
  private *prefetch(address: Address, hint: GroupHint): Steps<void> {
    const header: Range = { at: address, length: OBJECT_HEADER.guess(this.file.headers) };
    yield* this.file.pages.load([header, ...symbolTableRanges(this.file, hint)]);
  }

  link(group: Address, name: string): Steps<LinkInfo | undefined> {
    return link(this.file, group, name);
  }

  links(group: Address, order: "name" | "creation"): Steps<LinkInfo[]> {
    return links(this.file, group, order);
  }

  linkCount(group: Address): Steps<number> {
    return linkCount(this.file, group);
  }

  attribute(object: Address, name: string): Steps<AttributeInfo | undefined> {
    return attribute(this.file, object, name);
  }

  attributes(object: Address, order: "name" | "creation"): Steps<AttributeInfo[]> {
    return attributes(this.file, object, order);
  }

  attributeCount(object: Address): Steps<number> {
    return attributeCount(this.file, object);
  }

  /** All that is cached, since the parts of an object stand anywhere. */
  *refresh(object: Address): Steps<void> {
    const { structures, pages, chunkCache, heapBlocks } = this.file;
    structures.clear();
    pages.invalidate();
    heapBlocks.clear();
    chunkCache.clear(object);
  }

  *close(): Steps<void> {
    yield* closeStorage(this.file.storage);
  }
}
