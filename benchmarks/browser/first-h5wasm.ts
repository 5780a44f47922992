/** The same by h5wasm. */
import { type Dataset, FS, ready, File as WasmFile } from "h5wasm";

export async function first(blob: File): Promise<number> {
  await ready;
  FS!.writeFile("first.h5", new Uint8Array(await blob.arrayBuffer()));
  const file = new WasmFile("first.h5", "r");
  const value = (file.get("data") as Dataset).slice([
    [0, 1],
    [0, 8],
    [0, 8],
  ]) as Float32Array;
  file.close();
  return value[0];
}
