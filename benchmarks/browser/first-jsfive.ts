/** The same by jsfive, which reads datasets only as a whole. */
import { File as FiveFile } from "jsfive";

export async function first(blob: File): Promise<number> {
  return new FiveFile(await blob.arrayBuffer(), "first.h5").get("data").value[0];
}
