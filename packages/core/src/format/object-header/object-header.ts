/**
 * Object header, versions 1 and 2 (HDF5 File Format Specification, section IV.A.1): prefix and first block. Pointed at by
 * links, by references, by the superblock for the root group, and by shared messages for committed datatypes.
 */
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { LimitError } from "../../errors.ts";
import type { Structure } from "../structure.ts";
import { blockDecoder, type HeaderBytes, type HeaderMessage, type HeaderRoom } from "./header-message.ts";
import { envelopeBytes, type MessageFormat, messagesBytes, readMessages, writeMessages } from "./message-list.ts";

interface Common {
  /** The messages of the first block, in their order. */
  readonly messages: readonly HeaderMessage[];
  /** Bytes of prefix and first block. */
  readonly length: number;
}

export interface ObjectHeaderV1 extends Common {
  readonly version: 1;
  /** Of the whole header; old libraries miscounted, so that nothing should depend on it. */
  readonly messageCount: number;
  /** Hard links to the object. */
  readonly referenceCount: number;
}

/** Seconds since the epoch. */
export interface HeaderTimes {
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
  readonly born: number;
}

export interface ObjectHeaderV2 extends Common {
  readonly version: 2;
  /** Width of the field with the size of the first block. */
  readonly sizeWidth: 1 | 2 | 4 | 8;
  readonly attributeOrderTracked: boolean;
  readonly attributeOrderIndexed: boolean;
  /** More attributes than this go to dense storage; fewer than that come back. Absent: 8 and 6. */
  readonly phaseChange?: { readonly maxCompact: number; readonly minDense: number };
  readonly times?: HeaderTimes;
  /** Unused bytes behind the messages, too few for one more. */
  readonly gap: number;
}

export type ObjectHeaderBlock = ObjectHeaderV1 | ObjectHeaderV2;

const TITLE = "Object header";
const SIGNATURE = "OHDR";
const FIRST_BYTE = 0x4f;

const ORDER_TRACKED = 0x04;
const ORDER_INDEXED = 0x08;
const PHASE_CHANGE = 0x10;
const TIMES = 0x20;
const ALL_FLAGS = 0x3f;

const V1_FORMAT: MessageFormat = { version: 1, ordered: false };

export function formatOf(header: ObjectHeaderBlock): MessageFormat {
  return { version: header.version, ordered: header.version === 2 && header.attributeOrderTracked };
}

/** Writes or measures a header with its first block; its `length` need not be right. */
export function writeObjectHeader(f: Fields, v: ObjectHeaderBlock): void {
  const size = messagesBytes(v.messages, formatOf(v));
  if (v.version === 1) {
    prefixV1(f, { ...v, size });
    writeMessages(f, v.messages, formatOf(v));
    return;
  }
  prefixV2(f, { ...v, size: size + v.gap });
  writeMessages(f, v.messages, formatOf(v));
  f.reserved(v.gap);
  f.checksum();
}

type PrefixV1 = Omit<ObjectHeaderV1, keyof Common> & { readonly size: number };
type PrefixV2 = Omit<ObjectHeaderV2, keyof Common | "gap"> & { readonly size: number };

function prefixV1(f: Fields, v?: PrefixV1): PrefixV1 {
  const version = f.u8(1);
  if (version !== 1) f.fail("has a version that is not known", version, "1, or 2 with its signature");
  f.reserved(1);
  const messageCount = f.u16(v?.messageCount);
  const referenceCount = f.u32(v?.referenceCount);
  const size = f.u32(v?.size);
  f.reserved(4);
  if (messageCount > 0 ? size < 8 : size > 0) f.fail("has a first block of a wrong size", size);
  return { version: 1, messageCount, referenceCount, size };
}

function prefixV2(f: Fields, v?: PrefixV2): PrefixV2 {
  f.signature(SIGNATURE);
  const version = f.u8(2);
  if (version !== 2) f.fail("has a version that is not known", version, "2");
  const flags = f.u8(v && flagsOf(v));
  if ((flags & ~ALL_FLAGS) !== 0) f.fail("has unknown flags", `0x${flags.toString(16)}`);
  const times = (flags & TIMES) !== 0 ? timesField(f, v?.times) : undefined;
  const phaseChange = (flags & PHASE_CHANGE) !== 0 ? phaseChangeField(f, v?.phaseChange) : undefined;
  const sizeWidth = (1 << (flags & 3)) as PrefixV2["sizeWidth"];
  return {
    version: 2,
    sizeWidth,
    attributeOrderTracked: (flags & ORDER_TRACKED) !== 0,
    attributeOrderIndexed: (flags & ORDER_INDEXED) !== 0,
    phaseChange,
    times,
    size: f.uint(v?.size, sizeWidth),
  };
}

function flagsOf(v: PrefixV2): number {
  return (
    Math.log2(v.sizeWidth) |
    (v.attributeOrderTracked ? ORDER_TRACKED : 0) |
    (v.attributeOrderIndexed ? ORDER_INDEXED : 0) |
    (v.phaseChange ? PHASE_CHANGE : 0) |
    (v.times ? TIMES : 0)
  );
}

function timesField(f: Fields, v?: HeaderTimes): HeaderTimes {
  return {
    accessed: f.u32(v?.accessed),
    modified: f.u32(v?.modified),
    changed: f.u32(v?.changed),
    born: f.u32(v?.born),
  };
}

function phaseChangeField(f: Fields, v: ObjectHeaderV2["phaseChange"]): NonNullable<ObjectHeaderV2["phaseChange"]> {
  const value = { maxCompact: f.u16(v?.maxCompact), minDense: f.u16(v?.minDense) };
  if (value.maxCompact < value.minDense) f.fail("has phase change values in the wrong order", value.maxCompact);
  return value;
}

function decode(from: Decoder, context: HeaderContext): ObjectHeaderBlock {
  // A copy: a header in the cache of structures must not keep a whole page alive.
  const block = context.room.copy(from);
  const f = blockDecoder(block, from.sizes, TITLE);
  const length = f.remaining;
  return block.bytes[block.start] === FIRST_BYTE ? decodeV2(f, block, length) : decodeV1(f, block, length);
}

function decodeV1(f: Decoder, block: HeaderBytes, length: number): ObjectHeaderV1 {
  const { messageCount, referenceCount } = prefixV1(f);
  const messages = readMessages(f, block, V1_FORMAT, length);
  if (f.remaining > 0) f.fail("has bytes behind its last message", f.remaining);
  return { version: 1, messageCount, referenceCount, messages, length };
}

function decodeV2(f: Decoder, block: HeaderBytes, length: number): ObjectHeaderV2 {
  const { sizeWidth, attributeOrderTracked, attributeOrderIndexed, phaseChange, times, size } = prefixV2(f);
  const end = f.position + size;
  const format: MessageFormat = { version: 2, ordered: attributeOrderTracked };
  if (size > 0 && size < envelopeBytes(format)) f.fail("has a first block of a wrong size", size);
  const messages = readMessages(f, block, format, end);
  const gap = end - f.position;
  f.reserved(gap);
  f.checksum();
  return {
    version: 2,
    sizeWidth,
    attributeOrderTracked,
    attributeOrderIndexed,
    phaseChange,
    times,
    messages,
    gap,
    length,
  };
}

/** A bound on the bytes of a header, which its prefix could claim to be exabytes; and where they go. */
export interface HeaderContext {
  readonly objectHeaderBytes: number;
  readonly room: HeaderRoom;
}

function extent(head: Decoder, context: HeaderContext): number {
  const old = head.block[head.here - head.base] !== FIRST_BYTE;
  const { size } = old ? prefixV1(head) : prefixV2(head);
  if (size > context.objectHeaderBytes) {
    throw new LimitError("exceeds the option limits.objectHeaderBytes", {
      structure: TITLE,
      found: size,
      allowed: `at most ${context.objectHeaderBytes}`,
    });
  }
  return head.position + size + (old ? 0 : 4);
}

export const OBJECT_HEADER: Structure<ObjectHeaderBlock, HeaderContext> = {
  title: TITLE,
  guess: () => 512,
  extent,
  decode,
};
