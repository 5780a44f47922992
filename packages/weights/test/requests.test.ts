/** Over HTTP: opening a model and reading one of its tensors takes few requests, however large it is. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryStorage } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWeights, saveWeights, type TensorToSave, type WritableFormat } from "../src/index.ts";

const MOST = 4;
const COUNT = 60;
const files = new Map<string, Uint8Array>();
let requests = 0;
let server: Server;

const tensors = Array.from({ length: COUNT }, (_, i): TensorToSave => {
  return { name: `layers.${i}.weight`, shape: [64, 256], data: new Float32Array(64 * 256).fill(i) };
});
const FORMATS: readonly WritableFormat[] = ["hdf5-state-dict", "safetensors"];

beforeAll(async () => {
  for (const format of FORMATS) {
    const storage = new MemoryStorage();
    await saveWeights(storage, tensors, { format });
    files.set(`/${format}`, storage.toUint8Array().slice());
  }
  server = createServer((request, response) => {
    requests++;
    const bytes = files.get(request.url ?? "") as Uint8Array;
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
    if (from === undefined) return void response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    const end = to === "" ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
    const part = bytes.subarray(Number(from), end + 1);
    response.writeHead(206, {
      "content-range": `bytes ${from}-${end}/${bytes.length}`,
      "content-length": part.length,
      etag: '"1"',
    });
    response.end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void server.close());

it.each(FORMATS)("%s: opened, and one tensor read", async (format) => {
  requests = 0;
  const weights = await openWeights(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${format}`);
  const read = await weights.tensor("layers.42.weight");
  await weights.close();
  expect(read.array()).toEqual(new Float32Array(64 * 256).fill(42));
  expect(weights.tensors.length).toBe(COUNT);
  console.log(`${format}: ${requests} requests`);
  expect(requests).toBeLessThanOrEqual(MOST);
});
