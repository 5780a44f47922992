/**
 * The program of a worker: decodes and encodes chunks with the filters of the default registry. Exported as
 * `@h5ts/filters/worker`, for bundlers to make a worker of.
 */
import { defaultFilters } from "../default.ts";
import { isCodecError } from "../filter.ts";
import { workerPort } from "../platform.ts";
import type { FromWorker, Reply, Task } from "./protocol.ts";

async function answer({ id, filter, input, clientData, size }: Task): Promise<Reply> {
  try {
    const codec = await defaultFilters.get(filter)?.load();
    if (!codec) throw new Error(`no filter ${filter}`);
    const start = performance.now();
    const output = size ? codec.decode(input, clientData, size) : codec.encode?.(input, clientData);
    return { id, output, time: performance.now() - start };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The name goes before the reason again where the error is made anew.
    if (isCodecError(error)) return { id, filter: error.filter, reason: reason.slice(error.filter.length + 2) };
    return { id, filter: String(filter), reason };
  }
}

const port = workerPort();
port?.listen(async (task) => {
  const reply = await answer(task as Task);
  const output = "output" in reply ? reply.output : undefined;
  // What fills its buffer is handed over, a view of a larger one is copied.
  const whole = output?.buffer instanceof ArrayBuffer && output.byteLength === output.buffer.byteLength;
  port.send(reply, whole ? [output.buffer as ArrayBuffer] : []);
});
port?.send({ ready: true } satisfies FromWorker, []);
