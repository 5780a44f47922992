/** `h5ts weights`: what is in files of neural-network weights; from one format to another; where two differ. */
import { type Command, type CommandContext, type ExitCode, UsageError } from "../command.ts";
import { compareWeights } from "../weights/compare-weights.ts";
import { convertWeights } from "../weights/convert-weights.ts";
import { listWeights } from "../weights/list-weights.ts";

const ACTIONS: Readonly<
  Record<string, { readonly operands: number; run(context: CommandContext): Promise<ExitCode> }>
> = {
  ls: { operands: 1, run: listWeights },
  convert: { operands: 2, run: convertWeights },
  diff: { operands: 2, run: compareWeights },
};

export const weights: Command = {
  name: "weights",
  summary: "List, convert and compare weights of neural networks: HDF5, Keras, PyTorch, safetensors, TensorFlow.js",
  usage: "ls FILE [--checksum] | convert A B [--to FORMAT] | diff A B [--atol T] [--rtol T]",
  options: {
    checksum: { type: "boolean" },
    to: { type: "string" },
    "weights-only": { type: "boolean" },
    nested: { type: "boolean" },
    compression: { type: "string" },
    "shard-size": { type: "string" },
    force: { type: "boolean", short: "f" },
    atol: { type: "string" },
    rtol: { type: "string" },
  },
  help: {
    checksum: "ls: SHA-256 of each tensor's bytes",
    "to FORMAT":
      "convert: safetensors, hdf5-state-dict, keras-legacy-h5, keras3-h5, keras-archive, tfjs (default: by the name of B)",
    "weights-only": "convert: leave the description of the model behind",
    nested: "convert: dots in names become groups, in hdf5-state-dict",
    "compression FILTER[:LEVEL]": "convert: a filter for datasets of HDF5, as of `h5ts repack`",
    "shard-size BYTES": "convert: bytes of a shard at most: 500M, 5G",
    force: "convert: replace B where it exists",
    "atol T": "diff: numbers differ that are farther apart than this (default 0: by their bytes)",
    "rtol T": "diff: ... or than this part of the second",
  },
  details: [
    "The format of a file is told by its content and name. Pickles are read without running what they say; what they name beyond tensors is refused. Tensors are taken over a few at a time, so that files larger than memory can be converted.",
  ],
  actions: ["ls", "convert", "diff"],
  choices: { to: ["safetensors", "hdf5-state-dict", "keras-legacy-h5", "keras3-h5", "keras-archive", "tfjs"] },
  examples: [
    ["ls model.keras --checksum --json", "what is in it"],
    ["convert pytorch_model.bin model.safetensors", "without Python"],
    ["convert model.h5 web/model.json", "for tf.loadLayersModel"],
    ["diff a.safetensors b.h5 --atol 1e-6", "where two differ, up to a tolerance"],
  ],
  operands: [1, 3],
  run(context) {
    const [action, ...operands] = context.operands;
    const found = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (found === undefined) throw new UsageError(`weights: ls, convert or diff, not ${action}`);
    if (operands.length !== found.operands)
      throw new UsageError(
        `weights ${action}: ${found.operands === 1 ? "one file" : "two files"}, not ${operands.length}`,
      );
    return found.run({ ...context, operands });
  },
};
