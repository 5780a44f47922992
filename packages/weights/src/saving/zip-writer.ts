/**
 * Writes ZIP archives whose members are stored as they are (APPNOTE.TXT 4.3): so that a member can be a file that is written to at any
 * place, its length unknown until it is done.
 */
import type { AsyncWritable, Extent, Outcome, Patch } from "h5ts";
import { crc32 } from "./crc32.ts";
import { textBytes } from "./output-file.ts";

/** What no field of 32 bits holds stands in one of 64, behind. */
const FULL = 0xffffffff;
const LOCAL_FIXED = 30;
/** Room that a local header has for lengths of 64 bits. */
const LOCAL_EXTRA = 20;
const NAMES_ARE_UTF8 = 1 << 11;
const PIECE = 1 << 20;

interface Member {
  readonly name: Uint8Array;
  readonly at: number;
  readonly size: number;
  readonly crc: number;
}

export class ZipWriter {
  private readonly storage: AsyncWritable;
  private readonly members: Member[] = [];
  private end = 0;

  constructor(storage: AsyncWritable) {
    this.storage = storage;
  }

  /** Adds a member of a few bytes. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.addFile(name, (file) => file.write([{ at: 0, bytes }]));
  }

  /** Adds a member that `fill` writes to as to a storage of its own. */
  async addFile(name: string, fill: (file: AsyncWritable) => Promise<void>): Promise<void> {
    const member = { name: textBytes(name), at: this.end, size: 0, crc: 0 };
    const start = this.end + LOCAL_FIXED + member.name.length + LOCAL_EXTRA;
    const file = new MemberStorage(this.storage, start, name);
    await fill(file);
    const whole = { ...member, size: await file.size(), crc: await file.checksum() };
    await this.storage.write([{ at: this.end, bytes: localHeader(whole) }]);
    this.members.push(whole);
    this.end = start + whole.size;
  }

  /** Writes the list of members, which ends an archive. */
  async finish(): Promise<void> {
    const entries = this.members.map(centralHeader);
    const size = entries.reduce((sum, { length }) => sum + length, 0);
    const tail = [...entries, endRecords(this.members.length, this.end, size)];
    let { end } = this;
    for (const bytes of tail) {
      await this.storage.write([{ at: end, bytes }]);
      end += bytes.length;
    }
    await this.storage.truncate(end);
  }
}

/** Fields one behind the other. */
function fields(layout: readonly (readonly [width: 2 | 4 | 8, value: number])[], ...behind: Uint8Array[]): Uint8Array {
  const fixed = layout.reduce((sum, [width]) => sum + width, 0);
  const bytes = new Uint8Array(behind.reduce((sum, { length }) => sum + length, fixed));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of layout) {
    if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  for (const part of behind) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const short = (value: number): number => Math.min(value, FULL);

/** 1980-01-01: files that are alike shall be so to the byte. */
const DATE = 0x21;

/** Header of a member, with room for lengths of 64 bits whether they are needed or not. */
function localHeader({ name, size, crc }: Member): Uint8Array {
  const extra = fields([
    [2, 1],
    [2, 16],
    [8, size],
    [8, size],
  ]);
  return fields(
    [
      [4, 0x04034b50],
      [2, 45],
      [2, NAMES_ARE_UTF8],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc],
      [4, FULL],
      [4, FULL],
      [2, name.length],
      [2, extra.length],
    ],
    name,
    extra,
  );
}

function centralHeader({ name, at, size, crc }: Member): Uint8Array {
  const large: [8, number][] = [
    ...(size >= FULL
      ? ([
          [8, size],
          [8, size],
        ] as [8, number][])
      : []),
    ...(at >= FULL ? ([[8, at]] as [8, number][]) : []),
  ];
  const extra = large.length === 0 ? new Uint8Array(0) : fields([[2, 1], [2, 8 * large.length], ...large]);
  return fields(
    [
      [4, 0x02014b50],
      [2, 45],
      [2, 45],
      [2, NAMES_ARE_UTF8],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc],
      [4, short(size)],
      [4, short(size)],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, short(at)],
    ],
    name,
    extra,
  );
}

function endRecords(count: number, at: number, size: number): Uint8Array {
  const end = fields([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, 0xffff)],
    [2, Math.min(count, 0xffff)],
    [4, short(size)],
    [4, short(at)],
    [2, 0],
  ]);
  if (at < FULL && count < 0xffff) return end;
  const zip64 = fields([
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, at],
  ]);
  const locator = fields([
    [4, 0x07064b50],
    [4, 0],
    [8, at + size],
    [4, 1],
  ]);
  return fields([], zip64, locator, end);
}

/** A part of a storage, from a place on, as a storage. */
class MemberStorage implements AsyncWritable {
  readonly label: string;
  readonly costs: AsyncWritable["costs"];
  private readonly whole: AsyncWritable;
  private readonly start: number;
  private length = 0;

  constructor(whole: AsyncWritable, start: number, label: string) {
    this.whole = whole;
    this.start = start;
    this.label = `${whole.label}#${label}`;
    this.costs = whole.costs;
  }

  async read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    const within = extents.map((extent) => {
      const length = Math.max(0, Math.min(extent.length, this.length - extent.at));
      return {
        at: this.start + extent.at,
        length,
        ...(extent.into === undefined ? {} : { into: extent.into.subarray(0, length) }),
      };
    });
    return this.whole.read(within, signal);
  }

  async size(): Promise<number> {
    return this.length;
  }

  async close(): Promise<void> {}

  async write(patches: readonly Patch[]): Promise<void> {
    await this.whole.write(patches.map(({ at, bytes }) => ({ at: this.start + at, bytes })));
    for (const { at, bytes } of patches) this.length = Math.max(this.length, at + bytes.length);
  }

  async truncate(size: number): Promise<void> {
    await this.whole.truncate(this.start + size);
    this.length = size;
  }

  sync(): Promise<void> {
    return this.whole.sync();
  }

  /** Of all that was written, read once more. */
  async checksum(): Promise<number> {
    let crc = 0;
    for (let at = 0; at < this.length; at += PIECE) {
      const [outcome] = await this.read([{ at, length: Math.min(PIECE, this.length - at) }]);
      if (!(outcome instanceof Uint8Array)) throw outcome;
      crc = crc32(outcome, crc);
    }
    return crc;
  }
}
