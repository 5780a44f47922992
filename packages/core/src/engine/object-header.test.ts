import { describe, expect, it } from "vitest";
import { Image } from "../../test/support/image.ts";
import { bareFile } from "../../test/support/metadata-file.ts";
import { type Address, asAddress } from "../bytes/address.ts";
import { isH5Error } from "../errors.ts";
import { continuationMessage } from "../format/messages/continuation.ts";
import { MessageFlag, MessageType } from "../format/messages/message-type.ts";
import { writeContinuationBlock } from "../format/object-header/continuation-block.ts";
import { HeaderMessage } from "../format/object-header/header-message.ts";
import { type ObjectHeaderV2, writeObjectHeader } from "../format/object-header/object-header.ts";
import { all } from "../steps/all.ts";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import type { AsyncStorage } from "../steps/storage.ts";
import type { Limits } from "./limits.ts";
import { objectHeader, peekObjectHeader } from "./object-header.ts";
import { objectInfo } from "./object-info.ts";

const V2 = { version: 2, ordered: false } as const;

class HeaderImage extends Image {
  private readonly prefix: Omit<ObjectHeaderV2, "messages"> = {
    version: 2,
    sizeWidth: 4,
    attributeOrderTracked: false,
    attributeOrderIndexed: false,
    gap: 0,
    length: 0,
  };

  link(address: Address, length: number): HeaderMessage {
    const data = this.encoded((f) => {
      continuationMessage(f, { address, length });
    });
    return HeaderMessage.of(MessageType.continuation, 0, data.slice());
  }

  headerBytes(messages: readonly HeaderMessage[]): Uint8Array {
    return this.encoded((f) => writeObjectHeader(f, { ...this.prefix, messages })).slice();
  }

  header(messages: readonly HeaderMessage[]): Address {
    const bytes = this.headerBytes(messages);
    const at = this.room(bytes.length);
    this.put(at, bytes);
    return at;
  }

  blockBytes(messages: readonly HeaderMessage[]): Uint8Array {
    return this.encoded((f) => writeContinuationBlock(f, { messages, gap: 0 }, V2)).slice();
  }

  /** A block, and the message that leads to it. */
  block(messages: readonly HeaderMessage[]): HeaderMessage {
    const bytes = this.blockBytes(messages);
    const at = this.room(bytes.length);
    this.put(at, bytes);
    return this.link(at, bytes.length);
  }
}

const note = (n: number): HeaderMessage => HeaderMessage.of(MessageType.nil, 0, Uint8Array.of(n));

function refusal(image: Image, address: Address, limits: Partial<Limits> = {}): string {
  const file = bareFile(image.bytes(), { limits });
  try {
    runSync(objectHeader(file, address));
  } catch (error) {
    if (isH5Error(error)) return `${error.name}: ${error.reason}`;
    throw error;
  }
  return "read";
}

describe("object headers of several blocks", () => {
  it("have their messages in the order of their blocks, which is that of continuation messages", () => {
    const image = new HeaderImage();
    const last = image.block([note(5)]);
    const first = image.block([note(2), last, note(3)]);
    const second = image.block([note(4)]);
    const address = image.header([note(0), first, note(1), second]);
    const file = bareFile(image.bytes());
    expect(peekObjectHeader(file, address)).toBe(undefined);
    const header = runSync(objectHeader(file, address));
    const notes = header.messages.filter(({ type }) => type === MessageType.nil).map(({ data }) => data[0]);
    expect(notes).toEqual([0, 1, 2, 3, 4, 5]);
    expect(header.continuations.length).toBe(3);
    expect(peekObjectHeader(file, address)).toBe(header);
    expect(runSync(objectHeader(file, address))).toBe(header);
  });

  it("are read one round a level, not one a block", async () => {
    const image = new HeaderImage();
    const blocks = Array.from({ length: 10 }, (_, i) => {
      image.room(4096);
      return image.block([note(i)]);
    });
    const address = image.header(blocks);
    const bytes = image.bytes();
    let rounds = 0;
    const storage: AsyncStorage = {
      label: "remote",
      costs: { gap: 0, parallel: 8, maxAccess: 2 ** 20, page: 512 },
      async read(extents) {
        rounds++;
        return extents.map(({ at, length }) => bytes.slice(at, at + length));
      },
      size: async () => bytes.length,
      close: async () => {},
    };
    const [header] = await runAsync(all([objectHeader(bareFile(storage), address)]));
    expect(header.messages.length).toBe(20);
    expect(rounds).toBe(2);
  });

  const cycle = new HeaderImage();
  const at = cycle.room(cycle.blockBytes([cycle.link(asAddress(0), 0)]).length);
  const itself = cycle.link(at, cycle.blockBytes([cycle.link(at, 0)]).length);
  cycle.put(at, cycle.blockBytes([itself]));
  const cyclic = cycle.header([itself]);

  const back = new HeaderImage();
  const length = back.headerBytes([back.link(asAddress(0), 0)]).length;
  const start = back.room(length);
  back.put(start, back.headerBytes([back.link(start, length)]));

  const twice = new HeaderImage();
  const block = twice.block([note(1)]);

  const empty = new HeaderImage();
  const beyond = new HeaderImage();

  const chain = new HeaderImage();
  let link = chain.block([]);
  for (let i = 0; i < 2000; i++) link = chain.block([link]);
  const long = chain.header([link]);

  it.each<[string, string, string]>([
    ["a block that continues in itself", refusal(cycle, cyclic), "FormatError: has blocks that overlap"],
    ["a header that continues in itself", refusal(back, start), "FormatError: has blocks that overlap"],
    ["a block twice", refusal(twice, twice.header([block, block])), "FormatError: has blocks that overlap"],
    [
      "a block of no bytes",
      refusal(empty, empty.header([empty.link(asAddress(70), 0)])),
      "FormatError: has a continuation of no bytes",
    ],
    [
      "a block past the end",
      refusal(beyond, beyond.header([beyond.link(asAddress(100_000), 64)])),
      "FormatError: runs past the end of the file",
    ],
    ["a chain of 2,000", refusal(chain, long), "LimitError: exceeds the option limits.continuationBlocks"],
    [
      "more bytes than the limit",
      refusal(chain, long, { objectHeaderBytes: 1000 }),
      "LimitError: exceeds the option limits.objectHeaderBytes",
    ],
    [
      "more messages than the limit",
      refusal(twice, twice.header([note(1), note(2), block]), { messages: 3 }),
      "LimitError: exceeds the option limits.messages",
    ],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});

describe("messages that are not known", () => {
  const unknown = (flags: number): string => {
    const image = new HeaderImage();
    return refusal(image, image.header([HeaderMessage.of(0x30, flags, Uint8Array.of(1))]));
  };
  it.each<[string, number, string]>([
    ["without flags", 0, "read"],
    ["to be marked", MessageFlag.markIfUnknown, "read"],
    ["that writers must know", MessageFlag.failIfUnknownOnWrite, "read"],
    [
      "that all must know",
      MessageFlag.failIfUnknown,
      "UnsupportedError: has a message that must be understood and is not known",
    ],
  ])("%s", (_, flags, expected) => expect(unknown(flags)).toBe(expected));
});

describe("what a header says", () => {
  const TYPE = Uint8Array.from(Buffer.from("1000000001000000" + "00000800", "hex"));
  const SPACE = Uint8Array.of(2, 0, 0, 0);
  const LAYOUT = Uint8Array.of(3, 0, 1, 0, 7);
  const type = HeaderMessage.of(MessageType.datatype, 0, TYPE);
  const space = HeaderMessage.of(MessageType.dataspace, 0, SPACE);
  const layout = HeaderMessage.of(MessageType.dataLayout, 0, LAYOUT);

  function kind(...messages: HeaderMessage[]): string {
    const image = new HeaderImage();
    const address = image.header(messages);
    const file = bareFile(image.bytes());
    try {
      return runSync(objectInfo(file, runSync(objectHeader(file, address)))).kind;
    } catch (error) {
      if (isH5Error(error, "FormatError")) return error.reason;
      throw error;
    }
  }

  it.each<[string, string, string]>([
    ["type, extent and layout", kind(type, space, layout), "dataset"],
    ["a type alone", kind(type), "datatype"],
    ["nothing", kind(note(1)), "unknown"],
    ["an extent alone", kind(space), "unknown"],
    ["no layout", kind(type, space), "lacks a message that a dataset needs"],
    ["two layouts", kind(type, space, layout, layout), "has two messages of which there may be one"],
    ["two types", kind(type, type, space, layout), "has two messages of which there may be one"],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));

  it("refuses a shared type that leads to itself, to nothing, or to an object without one", () => {
    const image = new HeaderImage();
    const pointer = (to: Address): HeaderMessage => {
      const data = Uint8Array.from([3, 2, ...new Array(8).fill(0)]);
      new DataView(data.buffer).setUint32(2, to, true);
      return HeaderMessage.of(MessageType.datatype, MessageFlag.shared, data);
    };
    const length = image.headerBytes([pointer(asAddress(0)), space, layout]).length;
    const itself = image.room(length);
    image.put(itself, image.headerBytes([pointer(itself), space, layout]));
    const bare = image.header([note(1)]);
    const toBare = image.header([pointer(bare), space, layout]);
    const toNothing = image.header([pointer(asAddress(8)), space, layout]);
    const good = image.header([pointer(image.header([type])), space, layout]);
    const file = bareFile(image.bytes());
    const info = (address: Address): unknown => runSync(objectInfo(file, runSync(objectHeader(file, address))));
    for (const address of [itself, toBare]) expect(() => info(address)).toThrow(/does not stand where it should/);
    expect(() => info(toNothing)).toThrow(/Object header at/);
    expect(info(good)).toMatchObject({ kind: "dataset", datatype: { class: "integer", size: 1 } });
  });
});
