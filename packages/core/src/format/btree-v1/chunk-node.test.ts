import { expect, it } from "vitest";
import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { CHUNK_NODE, type ChunkNode, chunkNode } from "./chunk-node.ts";

const NODE: ChunkNode = {
  level: 0,
  count: 1,
  left: null,
  right: null,
  sizes: Float64Array.of(80, 0),
  masks: Uint32Array.of(0, 0),
  offsets: Float64Array.of(0, 10),
  children: Float64Array.of(4096),
};

it.each<Sizes>([
  { offsets: 8, lengths: 8 },
  { offsets: 4, lengths: 8 },
])("a chunk that begins inside an element is refused, with addresses of %o", (sizes) => {
  const to = new Encoder(sizes);
  chunkNode(to, NODE, { rank: 1 });
  const bytes = to.finish();
  const decode = (): ChunkNode => CHUNK_NODE.decode(new Decoder(bytes, sizes, CHUNK_NODE.title), { rank: 1 });
  expect(decode()).toMatchObject(NODE);
  // Behind the node's head and the key's size, mask and coordinate.
  bytes[8 + 2 * sizes.offsets + 16] = 3;
  expect(decode).toThrow(/inside an element/);
});
