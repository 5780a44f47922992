import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { Sizer } from "../../bytes/sizer.ts";
import { isH5Error } from "../../errors.ts";
import { MessageFlag } from "../messages/message-type.ts";
import {
  CONTINUATION_BLOCK,
  type ContinuationBlock,
  type ContinuationContext,
  writeContinuationBlock,
} from "./continuation-block.ts";
import { HeaderMessage, HeaderRoom } from "./header-message.ts";
import type { MessageFormat } from "./message-list.ts";
import { formatOf, OBJECT_HEADER, type ObjectHeaderBlock, writeObjectHeader } from "./object-header.ts";

const BOUNDS = { objectHeaderBytes: 2 ** 20, room: new HeaderRoom() };
const flags = any.u8.filter((bits) => (bits & MessageFlag.shared) === 0 || (bits & MessageFlag.mustNotShare) === 0);

function messages({ version, ordered }: MessageFormat): fc.Arbitrary<HeaderMessage[]> {
  const data = version === 1 ? fc.nat(4).chain((n) => any.bytes(8 * n, 8 * n)) : any.bytes(40);
  return fc.array(
    fc
      .tuple(version === 1 ? any.u16 : any.u8, flags, data, any.u16)
      .map(([type, bits, bytes, order]) => HeaderMessage.of(type, bits, bytes, ordered ? order : undefined)),
    { maxLength: 8 },
  );
}

const v1 = fc.tuple(any.u32, messages({ version: 1, ordered: false })).map(
  ([referenceCount, list]): ObjectHeaderBlock => ({
    version: 1,
    messageCount: list.length,
    referenceCount,
    messages: list,
    length: 0,
  }),
);

const times = fc.record({ accessed: any.u32, modified: any.u32, changed: any.u32, born: any.u32 });
const v2 = fc
  .tuple(
    fc.constantFrom(2 as const, 4 as const, 8 as const),
    fc.boolean(),
    fc.boolean(),
    fc.option(fc.tuple(any.u16, any.u16)),
    fc.option(times),
    fc.nat(3),
  )
  .chain(([sizeWidth, attributeOrderTracked, attributeOrderIndexed, phase, stamps, gap]) =>
    messages({ version: 2, ordered: attributeOrderTracked }).map(
      (list): ObjectHeaderBlock => ({
        version: 2,
        sizeWidth,
        attributeOrderTracked,
        attributeOrderIndexed,
        ...(phase === null ? {} : { phaseChange: { maxCompact: Math.max(...phase), minDense: Math.min(...phase) } }),
        ...(stamps === null ? {} : { times: stamps }),
        gap: list.length === 0 ? 0 : gap,
        messages: list,
        length: 0,
      }),
    ),
  );

function written(sizes: Sizes, write: (f: Fields) => void): Uint8Array {
  const encoder = new Encoder(sizes, 1);
  write(encoder);
  const sizer = new Sizer(sizes);
  write(sizer);
  expect(encoder.position).toBe(sizer.position);
  return encoder.finish();
}

function read(bytes: Uint8Array, sizes: Sizes = DEFAULT_SIZES): ObjectHeaderBlock {
  const at = 64;
  const head = new Decoder(bytes, sizes, OBJECT_HEADER.title, at);
  const extent = OBJECT_HEADER.extent(head, BOUNDS);
  // What the cache of structures checks before it has a structure decoded.
  if (extent > bytes.length) head.fail("is cut short");
  return OBJECT_HEADER.decode(new Decoder(bytes, sizes, OBJECT_HEADER.title, at, 0, extent), BOUNDS);
}

/** What a message says, wherever its bytes stand. */
const plain = ({ type, flags: bits, order, data }: HeaderMessage): unknown => ({ type, bits, order, data: [...data] });

function same(found: ObjectHeaderBlock, given: ObjectHeaderBlock, length: number): void {
  expect({ ...found, messages: found.messages.map(plain) }).toEqual({
    ...given,
    messages: given.messages.map(plain),
    length,
  });
}

describe("object header", () => {
  it("reads what it wrote, in both versions; every truncation is refused", () => {
    fc.assert(
      fc.property(fc.oneof(v1, v2), any.sizes, (header, s) => {
        const bytes = written(s, (f) => writeObjectHeader(f, header));
        same(read(bytes, s), header, bytes.length);
        for (let cut = 0; cut < bytes.length; cut++) {
          expect(() => read(bytes.subarray(0, cut), s)).toThrow(/Object header/);
        }
      }),
    );
  });

  it("keeps its own bytes, so that a message outlives the page", () => {
    const header = fc.sample(v2, 20).find(({ messages: list }) => list.some(({ length }) => length > 0))!;
    const bytes = written(DEFAULT_SIZES, (f) => writeObjectHeader(f, header)).slice();
    const found = read(bytes);
    bytes.fill(0);
    expect(found.messages.map(plain)).toEqual(header.messages.map(plain));
  });

  it("refuses any flipped bit of version 2 by its checksum, or sooner", () => {
    fc.assert(
      fc.property(v2, fc.nat(), (header, at) => {
        const bytes = written(DEFAULT_SIZES, (f) => writeObjectHeader(f, header)).slice();
        bytes[at % bytes.length] ^= 1 << (at % 8);
        expect(() => read(bytes)).toThrow();
        try {
          read(bytes);
        } catch (error) {
          expect(isH5Error(error, "FormatError", "LimitError")).toBe(true);
        }
      }),
    );
  });
});

describe("continuation block", () => {
  const format = fc.constantFrom<MessageFormat>(
    { version: 1, ordered: false },
    { version: 2, ordered: false },
    { version: 2, ordered: true },
  );
  const block = format.chain((form) => fc.tuple(fc.constant(form), messages(form), fc.nat(form.version === 1 ? 0 : 3)));

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(block, any.sizes, ([form, list, gap], s) => {
        const value: ContinuationBlock = { messages: list, gap };
        const bytes = written(s, (f) => writeContinuationBlock(f, value, form));
        const context: ContinuationContext = { ...form, length: bytes.length, room: BOUNDS.room };
        const decoder = (from: Uint8Array): Decoder => new Decoder(from, s, CONTINUATION_BLOCK.title, 8);
        const found = CONTINUATION_BLOCK.decode(decoder(bytes), context);
        expect(found.messages.map(plain)).toEqual(list.map(plain));
        expect(found.gap).toBe(gap);
        expect(CONTINUATION_BLOCK.extent(decoder(bytes), context)).toBe(bytes.length);
        if (form.version === 2) {
          for (let cut = 0; cut < bytes.length; cut++) {
            expect(() => CONTINUATION_BLOCK.decode(decoder(bytes.subarray(0, cut)), context)).toThrow(/continuation/);
          }
        }
      }),
    );
  });
});

/** The reason for which a header is refused. */
function refusal(bytes: readonly number[], checksum = false): string {
  const all = Uint8Array.from(checksum ? [...bytes, 0, 0, 0, 0] : bytes);
  if (checksum) new DataView(all.buffer).setUint32(bytes.length, lookup3(all, 0, bytes.length), true);
  try {
    read(all);
  } catch (error) {
    if (isH5Error(error, "FormatError", "LimitError")) return error.reason;
    throw error;
  }
  return "read";
}

describe("a damaged header is refused by name", () => {
  const zeros = (n: number): number[] => new Array(n).fill(0);
  const OHDR = [79, 72, 68, 82];
  const v1Header = (size: number, ...rest: number[]): number[] => [
    1,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    size,
    0,
    0,
    0,
    ...zeros(4),
    ...rest,
  ];
  it.each<[string, string, string]>([
    ["version 3", refusal([3, ...zeros(40)]), "has a version that is not known"],
    ["version 3 with signature", refusal([...OHDR, 3, 0, 0]), "has a version that is not known"],
    ["unknown flags", refusal([...OHDR, 2, 0x40, 0]), "has unknown flags"],
    [
      "size of exabytes",
      refusal([...OHDR, 2, 3, 0, 0, 0, 0, 0, 0, 16, 0]),
      "exceeds the option limits.objectHeaderBytes",
    ],
    ["phase change", refusal([...OHDR, 2, 0x10, 6, 0, 8, 0, 0]), "has phase change values in the wrong order"],
    ["first block too small", refusal([...OHDR, 2, 0, 3, 0, 0, 0], true), "has a first block of a wrong size"],
    ["no room for a message", refusal(v1Header(4, ...zeros(4))), "has a first block of a wrong size"],
    [
      "message length not of eights",
      refusal(v1Header(16, 0, 0, 4, 0, 0, 0, 0, 0, ...zeros(8))),
      "has a message of a wrong length",
    ],
    [
      "message past its block",
      refusal(v1Header(16, 0, 0, 16, 0, 0, 0, 0, 0, ...zeros(8))),
      "has a message that runs past its block",
    ],
    [
      "message past its block, version 2",
      refusal([...OHDR, 2, 0, 8, 0, 5, 0, 0, ...zeros(4)], true),
      "has a message that runs past its block",
    ],
    [
      "shared and not to be shared",
      refusal([...OHDR, 2, 0, 8, 0, 4, 0, 6, ...zeros(4)], true),
      "has a message with flags that exclude each other",
    ],
    ["bytes behind the last message", refusal(v1Header(12, ...zeros(12))), "has bytes behind its last message"],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));

  it("knows the format of its own continuation blocks", () => {
    const given = fc.sample(v1, 1)[0];
    const header = read(written(DEFAULT_SIZES, (f) => writeObjectHeader(f, given)));
    expect(formatOf(header)).toEqual({ version: 1, ordered: false });
  });
});
