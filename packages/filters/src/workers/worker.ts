/**
 * The program of a worker: decodes and encodes chunks with the filters of the default registry. Exported as
 * `@h5ts/filters/worker`, for bundlers to make a worker of.
 */
import { defaultFilters } from "../default.ts";
import { isCodecError } from "../filter.ts";
import { workerPort } from "../platform.ts";
import type { Reply, Task } from "./protocol.ts";

async function answer({ id, filter, input, clientData, size }: Task): Promise<Reply> {
  try {
    const codec = await defaultFilters.get(filter)?.load();
    if (!codec) throw new Error(`no filter ${filter}`);
    return { id, output: size ? codec.decode(input, clientData, size) : codec.encode?.(input, clientData) };
  } catch (error) {
    const name = isCodecError(error) ? error.filter : String(filter);
    return { id, filter: name, reason: error instanceof Error ? error.message : String(error) };
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
