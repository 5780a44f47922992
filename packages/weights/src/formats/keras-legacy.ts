/** Keras 1 and 2, and `.h5` of Keras 3: a group for each layer, whose attributes name its weights in their order. */
import { type Dataset, FormatError, type Group, type H5File } from "h5ts";
import { attributeText, attributeTexts } from "../attribute-text.ts";
import { datasetTensor } from "../hdf5-tensor.ts";
import { parseJson } from "../json.ts";
import type { ModelFile, StoredTensor } from "../model-file.ts";

/** Opens a whole model, or a file of its weights alone. */
export async function openKerasLegacy(file: H5File<"async">, close: () => Promise<void>): Promise<ModelFile> {
  const root = (await isListed(file)) ? file : ((await file.get("model_weights")) ?? file);
  if (root.kind !== "group") throw new FormatError("is no group", { structure: "Keras model", path: "/model_weights" });
  const tensors: StoredTensor[] = [];
  for (const layer of await attributeTexts(root.attrs, "layer_names"))
    tensors.push(...(await layerTensors(root, layer)));
  const own = await root.get("top_level_model_weights");
  if (own?.kind === "group") tensors.push(...(await named(own, "top_level_model_weights", "model")));
  const optimizer = await file.get("optimizer_weights");
  if (optimizer?.kind === "group") tensors.push(...(await named(optimizer, undefined, "optimizer")));
  return { format: "keras-legacy-h5", tensors, ...(await descriptions(file, root)), close };
}

/** Whether layers stand at the top: a layer may have any name, of groups of whole models too. */
const isListed = async ({ attrs }: H5File<"async">): Promise<boolean> =>
  (await attrs.has("layer_names")) || (await attrs.has("layer_names0"));

/** Weights of a layer. Some writers list datasets in the place of layers. */
async function layerTensors(root: Group<"async">, layer: string): Promise<StoredTensor[]> {
  const object = await root.get(layer);
  if (object?.kind === "group") return named(object, layer, "model");
  if (object?.kind === "dataset")
    return [await datasetTensor(object as Dataset<"async">, { name: layer, group: "model" })];
  throw new FormatError("names a layer that is not there", { structure: "Keras layer_names", found: layer });
}

async function named(group: Group<"async">, layer: string | undefined, kind: string): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  for (const name of await attributeTexts(group.attrs, "weight_names")) {
    const dataset = await group.get(name);
    if (dataset?.kind !== "dataset")
      throw new FormatError("names a weight that is not there", {
        structure: "Keras weight_names",
        path: group.name,
        found: name,
      });
    tensors.push(await datasetTensor(dataset, { name, ...(layer === undefined ? {} : { layer }), group: kind }));
  }
  return tensors;
}

async function descriptions(
  file: H5File<"async">,
  root: Group<"async">,
): Promise<Pick<ModelFile, "metadata" | "config" | "trainingConfig">> {
  const metadata: Record<string, string> = {};
  for (const name of ["keras_version", "backend"]) {
    const text = (await attributeText(file.attrs, name)) ?? (await attributeText(root.attrs, name));
    if (text !== undefined) metadata[name] = text;
  }
  const config = await attributeText(file.attrs, "model_config");
  const training = await attributeText(file.attrs, "training_config");
  return {
    metadata,
    ...(config === undefined ? {} : { config: parseJson(config, "Keras model_config") }),
    ...(training === undefined ? {} : { trainingConfig: parseJson(training, "Keras training_config") }),
  };
}
