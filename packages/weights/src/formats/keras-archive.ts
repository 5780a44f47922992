/** `.keras`: an archive of the model's description and of its weights, in the store of Keras 3. */
import { FormatError, type H5File, open, UnsupportedError } from "h5ts";
import { storageOf } from "../byte-source.ts";
import { isPlainObject, parseJson } from "../json.ts";
import type { ModelFile } from "../model-file.ts";
import type { ZipArchive } from "../zip-archive.ts";
import { storeTensors } from "./keras-store.ts";

const STORE = "model.weights.h5";

/** Whether an archive is such a model. */
export const isKerasArchive = (archive: ZipArchive): boolean =>
  archive.has("config.json") && archive.has("metadata.json");

export async function openKerasArchive(
  archive: ZipArchive,
  close: () => Promise<void>,
  signal?: AbortSignal,
): Promise<ModelFile> {
  if (!archive.has(STORE) && archive.has("model.weights.npz"))
    throw new UnsupportedError("keeps its weights as a NumPy archive of objects", { structure: "Keras archive" });
  const metadata = parseJson(await archive.bytes("metadata.json", signal), "Keras metadata.json");
  const config = parseJson(await archive.bytes("config.json", signal), "Keras config.json");
  if (!isPlainObject(metadata)) throw new FormatError("is no JSON object", { structure: "Keras metadata.json" });
  const file: H5File<"async"> = await open(storageOf(await archive.member(STORE, signal)), "r", {
    links: "none",
    signal,
  });
  const texts = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return {
    format: "keras-archive",
    tensors: await storeTensors(file),
    metadata: Object.fromEntries(texts),
    config,
    close: async () => {
      await file.close();
      await close();
    },
  };
}
