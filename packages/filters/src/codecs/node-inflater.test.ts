import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeInflateInto, nodeInflateIntoAsync } from "./node-inflater.ts";

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
const stream = Uint8Array.from(deflateSync(bytes));
const wrongSum = stream.slice();
wrongSum[wrongSum.length - 1] ^= 1;

/** What is no stream of 5000 bytes. */
const broken: Readonly<Record<string, Uint8Array>> = {
  "no checksum": stream.subarray(0, -4),
  "half a checksum": stream.subarray(0, -2),
  "a wrong checksum": wrongSum,
  "a cut": stream.subarray(0, 20),
  "no stream": bytes,
  nothing: new Uint8Array(0),
  "fewer bytes": Uint8Array.from(deflateSync(bytes.subarray(1))),
  "more bytes": Uint8Array.from(deflateSync(new Uint8Array(5001))),
};

/** Asks until the thread pool is known to do it. */
async function inPool(input: Uint8Array, output: Uint8Array): Promise<boolean> {
  for (;;) {
    const done = nodeInflateIntoAsync(input, output);
    if (done !== undefined) return done;
    await new Promise((go) => setTimeout(go, 1));
  }
}

const ways: Readonly<Record<string, (input: Uint8Array, output: Uint8Array) => boolean | Promise<boolean>>> = {
  "at once": nodeInflateInto,
  "in the thread pool": inPool,
};

describe.each(Object.entries(ways))("an inflater %s", (_, into) => {
  it("fills memory at hand and touches nothing behind it", async () => {
    const output = new Uint8Array(5100).fill(7);
    expect(await into(stream, output.subarray(0, 5000))).toBe(true);
    expect(output.subarray(0, 5000)).toEqual(bytes);
    expect(output.subarray(5000).every((byte) => byte === 7)).toBe(true);
  });
  it("takes bytes behind the stream", async () => {
    const longer = new Uint8Array(stream.length + 9).fill(1);
    longer.set(stream);
    expect(await into(longer, new Uint8Array(5000))).toBe(true);
  });
  it.each(Object.entries(broken))(
    "says of %s that it is not what was asked for, and serves again",
    async (_, input) => {
      const output = new Uint8Array(5000);
      expect(await into(input, output)).toBe(false);
      expect(await into(stream, output)).toBe(true);
      expect(output).toEqual(bytes);
    },
  );
  it("gives nothing where nothing is wanted", () => {
    expect(nodeInflateInto(stream, new Uint8Array(0))).toBe(false);
    expect(nodeInflateIntoAsync(stream, new Uint8Array(0))).toBeUndefined();
  });
});

it("many inflate side by side", async () => {
  const chunks = Array.from({ length: 40 }, (_, n) => bytes.map((byte) => byte ^ n));
  const outputs = chunks.map(() => new Uint8Array(5000));
  const done = await Promise.all(chunks.map((chunk, n) => inPool(Uint8Array.from(deflateSync(chunk)), outputs[n])));
  expect(done.every(Boolean)).toBe(true);
  outputs.forEach((output, n) => void expect(output).toEqual(chunks[n]));
});
