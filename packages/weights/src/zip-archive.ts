/** Members of a ZIP archive: those that are stored are read where they stand, by ranges; others are inflated whole. */
import { type Entry, Reader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { FormatError, LimitError, UnsupportedError } from "h5ts";
import { type ByteSource, inMemory, partOf } from "./byte-source.ts";

const STRUCTURE = "ZIP archive";
/** Bytes that a compressed member may have, and how many times its compressed size: as Keras allows. */
const MOST_BYTES = 4 * 2 ** 30;
const MOST_RATIO = 100;
const FREE_BYTES = 1 << 20;
/** Fixed part of the header before a member's bytes. */
const LOCAL_HEADER = 30;

/** An archive whose list of members was read. */
export class ZipArchive {
  private readonly source: ByteSource;
  private readonly members: ReadonlyMap<string, Entry>;

  private constructor(source: ByteSource, members: ReadonlyMap<string, Entry>) {
    this.source = source;
    this.members = members;
  }

  /** Reads the list at the end of an archive. FormatError where it is none, or damaged. */
  static async open(source: ByteSource): Promise<ZipArchive> {
    try {
      const reader = new ZipReader(new SourceReader(source), { useWebWorkers: false });
      const members = new Map<string, Entry>();
      for (const entry of await reader.getEntries()) members.set(entry.filename, entry);
      return new ZipArchive(source, members);
    } catch (cause) {
      throw new FormatError("cannot be read", { structure: STRUCTURE, path: source.label, cause });
    }
  }

  get names(): string[] {
    return [...this.members.keys()];
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  /** A member as a file of its own. FormatError where there is none. */
  async member(name: string, signal?: AbortSignal): Promise<ByteSource> {
    const entry = this.members.get(name);
    if (entry === undefined || entry.directory)
      throw new FormatError("lacks a member", { structure: STRUCTURE, path: this.source.label, found: name });
    if (entry.encrypted) throw new UnsupportedError("has an encrypted member", { structure: STRUCTURE, found: name });
    const label = `${this.source.label}#${name}`;
    if (entry.compressionMethod === 0) {
      const header = await this.source.read(entry.offset, LOCAL_HEADER, signal);
      const view = new DataView(header.buffer, header.byteOffset, LOCAL_HEADER);
      const start = entry.offset + LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
      return partOf(this.source, start, entry.uncompressedSize, label);
    }
    return inMemory(await inflated(entry, label), label);
  }

  /** The bytes of a member that is small. */
  async bytes(name: string, signal?: AbortSignal): Promise<Uint8Array> {
    const member = await this.member(name, signal);
    return member.read(0, member.size, signal);
  }
}

async function inflated(entry: Exclude<Entry, { directory: true }>, label: string): Promise<Uint8Array> {
  const { uncompressedSize: size, compressedSize } = entry;
  if (size > MOST_BYTES || (size > FREE_BYTES && size > MOST_RATIO * compressedSize))
    throw new LimitError("unfolds to too much", {
      structure: STRUCTURE,
      path: label,
      found: `${size} from ${compressedSize} bytes`,
    });
  try {
    return await entry.getData(new Uint8ArrayWriter(), { useWebWorkers: false, checkSignature: true });
  } catch (cause) {
    throw new FormatError("has a member that cannot be unpacked", { structure: STRUCTURE, path: label, cause });
  }
}

/** A source as zip.js reads it. */
class SourceReader extends Reader<ByteSource> {
  private readonly source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.source = source;
    this.size = source.size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.source.read(offset, Math.max(0, Math.min(length, this.source.size - offset)));
  }
}
