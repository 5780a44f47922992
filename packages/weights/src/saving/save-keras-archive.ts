/** Writes `.keras`: an archive of the model's description and of its weights. */
import { open, openWritable, type Source } from "h5ts";
import { textBytes } from "./output-file.ts";
import { fillStore } from "./save-keras-store.ts";
import type { ModelToSave, SaveProgress, SaveWeightsOptions } from "./settings.ts";
import { ZipWriter } from "./zip-writer.ts";

/** Without a description the archive is one of weights alone: `load_weights` takes it, `load_model` does not. */
export async function saveKerasArchive(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  const storage = await openWritable(target);
  try {
    await storage.truncate(0);
    const zip = new ZipWriter(storage);
    await zip.add("metadata.json", textBytes(JSON.stringify(metadataOf(model))));
    await zip.add("config.json", textBytes(JSON.stringify(model.config ?? {})));
    await zip.addFile("model.weights.h5", async (member) => {
      const file = await open(member, "w", { workers: false });
      try {
        await fillStore(file, model, options, progress);
      } finally {
        await file.close();
      }
    });
    await zip.finish();
  } finally {
    await storage.close();
  }
  return [];
}

const metadataOf = ({ metadata }: ModelToSave): object => ({
  ...metadata,
  keras_version: metadata.keras_version ?? "3.0.0",
  date_saved: metadata.date_saved ?? "1980-01-01@00:00:00",
});
