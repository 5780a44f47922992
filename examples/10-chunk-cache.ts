/** The chunk cache: unpacked chunks that are kept between reads; how large it should be, and what it saves. */
import { counted, NodeFileStorage, openSync } from "h5ts";

const made = openSync("cached.h5", "w");
const options = { shape: [512, 512], chunks: [512, 32], compression: "gzip" } as const;
made.createDataset("data", { data: Float64Array.from({ length: 512 * 512 }, (_, i) => i), ...options });
made.close();

// Rows across chunks that hold columns: every row touches all 16 chunks, 2 MiB unpacked.
for (const [label, bytes] of Object.entries({ "cache of 1 MiB": 2 ** 20, "cache of 4 MiB": 2 ** 22 })) {
  const { storage, counts } = counted(new NodeFileStorage("cached.h5"));
  const file = openSync(storage, "r", { chunkCache: { bytes } });
  const dataset = file.dataset("data", "f8");
  let sum = 0;
  for (let i = 0; i < 64; i++) sum += dataset.read(i).data[5];
  console.log(label, sum, counts.bytes > 1e6 ? "read again and again" : "each chunk once");
  file.close();
}
// | cache of 1 MiB 1032512 read again and again
// | cache of 4 MiB 1032512 each chunk once
