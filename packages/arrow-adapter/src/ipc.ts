/** Record batches as Arrow's IPC format, as they come: as a stream, or as a file. */
import type { RecordBatch, RecordBatchWriter } from "apache-arrow";
import type { Arrow } from "./arrow.ts";
import { loadArrow } from "./arrow.ts";

/** Options of {@link toIpc}. */
export interface IpcOptions {
  /** `"stream"`, to be read from the beginning to the end; or `"file"` (Feather), with a footer that finds each batch. Default `"stream"`. */
  readonly format?: "stream" | "file";
}

/**
 * Bytes of Arrow's IPC format: those of a batch when it is asked for them, so that a slow reader slows the reading.
 *
 * ```ts
 * for await (const bytes of toIpc(recordBatches(dataset))) await response.write(bytes);
 * ```
 */
export async function* toIpc(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  { format = "stream" }: IpcOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const { writer, taken } = collecting(await loadArrow(), format);
  for await (const batch of batches) {
    writer.write(batch);
    yield* taken();
  }
  writer.finish();
  yield* taken();
}

interface Collecting {
  readonly writer: RecordBatchWriter;
  /** What was written since the last call. */
  taken(): Uint8Array[];
}

/** A writer whose bytes wait for nobody: the package's own queue would take all there are. */
function collecting(arrow: Arrow, format: "stream" | "file"): Collecting {
  let waiting: Uint8Array[] = [];
  const writer = format === "file" ? new arrow.RecordBatchFileWriter() : new arrow.RecordBatchStreamWriter();
  const sink = (writer as unknown as { _sink: { write(bytes: Uint8Array): void } })._sink;
  sink.write = (bytes) => void waiting.push(bytes);
  const taken = (): Uint8Array[] => {
    const bytes = waiting;
    waiting = [];
    return bytes;
  };
  return { writer, taken };
}
