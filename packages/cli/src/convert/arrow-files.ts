/** Files of Arrow's IPC format: with a footer (`.arrow`, Feather), or as a stream (`.arrows`). */
import { open } from "node:fs/promises";
import { toIpc } from "@h5ts/arrow-adapter";
import type { RecordBatch } from "apache-arrow";
import { FormatError } from "h5ts";
import { writing } from "./output-file.ts";
import type { Arrow, TableStream } from "./table-stream.ts";

export async function writeArrow(path: string, { batches }: TableStream, format: "file" | "stream"): Promise<void> {
  await writing(path, async (file) => {
    for await (const bytes of toIpc(batches, { format })) await file.write(bytes);
  });
}

/** Reads a file of either kind; FormatError where it is none. */
export async function readArrow(arrow: Arrow, path: string): Promise<TableStream> {
  const handle = await open(path);
  try {
    const reader = await arrow.RecordBatchReader.from(handle as never as Promise<never>);
    await reader.open();
    return { schema: reader.schema, batches: closing(reader as never as AsyncIterable<RecordBatch>, path) };
  } catch (cause) {
    await handle.close().catch(() => undefined);
    throw noArrow(path, cause);
  }
}

const noArrow = (path: string, cause: unknown): FormatError =>
  new FormatError("is no table in Arrow's IPC format", { structure: path, cause });

/** The reader closes the file behind the last batch. */
async function* closing(batches: AsyncIterable<RecordBatch>, path: string): AsyncGenerator<RecordBatch, void> {
  try {
    yield* batches;
  } catch (cause) {
    throw noArrow(path, cause);
  }
}
