/** Dense links: messages in a fractal heap, found through a version 2 B-tree by hash of their names. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { encodeText } from "../../bytes/text.ts";
import type { LinkInfo } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { type BtreeV2Node, recordAt } from "../../format/btree-v2/node.ts";
import { LINK_NAME_RECORD, type LinkNameRecord } from "../../format/btree-v2/records/link-name.ts";
import { linkMessage } from "../../format/messages/link.ts";
import type { LinkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import { findRecords, visitNodes } from "../btree-v2.ts";
import type { FractalHeap } from "../fractal-heap/heap.ts";
import { type IndexedHeap, openIndexed, peekIndexed } from "../fractal-heap/indexed.ts";
import { heapObject, peekObject } from "../fractal-heap/objects.ts";
import { loadIndexed } from "../fractal-heap/prefetch.ts";
import type { MetadataFile } from "../metadata-file.ts";

const TITLE = messageTitle(MessageType.link);

/** The link of that name. */
export function* denseLink(file: MetadataFile, info: LinkInfoMessage, name: string): Steps<LinkInfo | undefined> {
  const { heap, tree } = peek(file, info) ?? (yield* open(file, info));
  const hash = lookup3(encodeText(name));
  const records: LinkNameRecord[] = [];
  const compare = (view: DataView, at: number): number => hash - view.getUint32(at, true);
  yield* findRecords(file, tree, compare, (node, i) => records.push(recordOf(file, node, i)));
  for (const record of records) {
    const link = peekLink(file, heap, record) ?? (yield* linkOf(file, heap, record));
    if (link.name === name) return link;
  }
  return undefined;
}

/** All links, in no particular order. */
export function* denseLinks(file: MetadataFile, info: LinkInfoMessage): Steps<LinkInfo[]> {
  const { heap, tree } = peek(file, info) ?? (yield* open(file, info));
  yield* loadIndexed(file, heap, tree);
  const records: LinkNameRecord[] = [];
  yield* visitNodes(file, tree, (node) => {
    for (let i = 0; i < node.count; i++) records.push(recordOf(file, node, i));
  });
  const links: LinkInfo[] = [];
  for (const record of records) links.push(peekLink(file, heap, record) ?? (yield* linkOf(file, heap, record)));
  return links;
}

export function* denseLinkCount(file: MetadataFile, info: LinkInfoMessage): Steps<number> {
  const { tree } = peek(file, info) ?? (yield* open(file, info));
  return tree.header.totalRecords;
}

interface Indexed {
  readonly heap: Address;
  readonly nameIndex: Address;
}

function indexed({ heap, nameIndex }: LinkInfoMessage): Indexed {
  if (heap !== null && nameIndex !== null) return { heap, nameIndex };
  throw new FormatError("has no index of names", { structure: messageTitle(MessageType.linkInfo) });
}

function peek(file: MetadataFile, info: LinkInfoMessage): IndexedHeap | undefined {
  const { heap, nameIndex } = indexed(info);
  return peekIndexed(file, heap, nameIndex, LINK_NAME_RECORD);
}

function open(file: MetadataFile, info: LinkInfoMessage): Steps<IndexedHeap> {
  const { heap, nameIndex } = indexed(info);
  return openIndexed(file, heap, nameIndex, LINK_NAME_RECORD);
}

function recordOf(file: MetadataFile, node: BtreeV2Node, i: number): LinkNameRecord {
  return recordAt(node, i, LINK_NAME_RECORD, file.structures.sizes);
}

function peekLink(file: MetadataFile, heap: FractalHeap, { heapId }: LinkNameRecord): LinkInfo | undefined {
  const bytes = peekObject(file, heap, heapId);
  return bytes && decode(file, bytes);
}

function* linkOf(file: MetadataFile, heap: FractalHeap, { heapId }: LinkNameRecord): Steps<LinkInfo> {
  return decode(file, yield* heapObject(file, heap, heapId));
}

function decode(file: MetadataFile, bytes: Uint8Array): LinkInfo {
  const link = linkMessage(new Decoder(bytes, file.structures.sizes, TITLE));
  return link.type === "user" ? { ...link, data: link.data.slice() } : link;
}
