/** Files that are written bit by bit, and waited for. */
import { type FileHandle, open } from "node:fs/promises";

/** Bytes that are gathered before they are written. */
const GATHERED = 2 ** 18;

export class OutputFile {
  private readonly handle: FileHandle;
  private waiting: Uint8Array[] = [];
  private bytes = 0;

  private constructor(handle: FileHandle) {
    this.handle = handle;
  }

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, "w"));
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    const more = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    this.waiting.push(more);
    this.bytes += more.length;
    if (this.bytes >= GATHERED) await this.flush();
  }

  async flush(): Promise<void> {
    const parts = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    if (parts.length > 0) await this.handle.writev(parts);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle.close();
    }
  }
}

/** Writes a file with `use`, and closes it whatever happens. */
export async function writing(path: string, use: (file: OutputFile) => Promise<void>): Promise<void> {
  const file = await OutputFile.create(path);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
