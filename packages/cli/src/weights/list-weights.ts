/** `h5ts weights ls`: the tensors of a file, in the model's own order. */
import { createHash } from "node:crypto";
import { openWeights, type TensorInfo, type Weights } from "@h5ts/weights";
import type { CommandContext, ExitCode } from "../command.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { columns, safe, shapeText, sizeText } from "../terminal/text.ts";

export async function listWeights({
  operands: [file],
  output,
  json: asJson,
  values,
}: CommandContext): Promise<ExitCode> {
  const weights = await openWeights(file);
  const bar = progressOn(output);
  try {
    const total = weights.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    const listed: Listed[] = [];
    let done = 0;
    for (const tensor of weights.tensors) {
      const { name, dtype, shape, bytes } = tensor;
      bar.show(done, total, name);
      const sum = values.checksum === true ? { sha256: await checksum(weights, tensor) } : {};
      listed.push({ name, dtype, shape, bytes, ...sum });
      done += bytes;
    }
    bar.clear();
    output.out(asJson ? json({ format: weights.format, tensors: listed }) : text(weights, listed, total));
    return 0;
  } finally {
    bar.clear();
    await weights.close();
  }
}

interface Listed extends Pick<TensorInfo, "name" | "dtype" | "shape" | "bytes"> {
  readonly sha256?: string;
}

/** Of the bytes: little-endian, in C order, packed. */
async function checksum(weights: Weights, tensor: TensorInfo): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of weights.pieces(tensor)) hash.update(piece);
  return hash.digest("hex");
}

function text({ format }: Weights, tensors: readonly Listed[], total: number): string {
  const rows = tensors.map(({ name, dtype, shape, bytes, sha256 }) => {
    return [safe(name), dtype, shapeText(shape), sizeText(bytes), ...(sha256 === undefined ? [] : [sha256])];
  });
  const summary = `${format}: ${tensors.length} tensors, ${sizeText(total)}`;
  return rows.length === 0 ? summary : `${columns(rows)}\n${summary}`;
}
