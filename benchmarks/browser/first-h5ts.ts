/** The first value of a `File` by h5ts, the library not being loaded yet. */
import { open, slice } from "h5ts/reader";

export async function first(blob: File): Promise<number> {
  const file = await open(blob);
  const { data } = await (await file.dataset("data", "f4")).read([0, slice(0, 8), slice(0, 8)]);
  return data[0];
}
