/** A file that is written from its beginning to its end. */
import { type AsyncWritable, openWritable, type Source } from "h5ts";

/** Bytes that are gathered before they are written. */
const ROOM = 1 << 20;

export class OutputFile {
  /** Bytes written so far. */
  position = 0;
  private readonly storage: AsyncWritable;
  private readonly room = new Uint8Array(ROOM);
  private held = 0;

  private constructor(storage: AsyncWritable) {
    this.storage = storage;
  }

  /** Opens a target, in place of whatever was there. */
  static async open(target: Source): Promise<OutputFile> {
    const storage = await openWritable(target);
    await storage.truncate(0);
    return new OutputFile(storage);
  }

  /** Opens a target, hands it to `use`, and closes it, whatever happens. */
  static async with<T>(target: Source, use: (file: OutputFile) => Promise<T>): Promise<T> {
    const file = await OutputFile.open(target);
    try {
      const result = await use(file);
      await file.flush();
      return result;
    } finally {
      await file.storage.close();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.held + bytes.length > ROOM) await this.flush();
    if (bytes.length > ROOM) await this.storage.write([{ at: this.position, bytes }]);
    else {
      this.room.set(bytes, this.held);
      this.held += bytes.length;
    }
    this.position += bytes.length;
  }

  private async flush(): Promise<void> {
    if (this.held === 0) return;
    await this.storage.write([{ at: this.position - this.held, bytes: this.room.subarray(0, this.held) }]);
    this.held = 0;
  }
}

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
