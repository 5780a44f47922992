/** `h5ts weights diff`: tensors by name, whatever the formats. */
import { openWeights, type TensorInfo, type Weights } from "@h5ts/weights";
import { type CommandContext, type ExitCode, UsageError } from "../command.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { safe, shapeText } from "../terminal/text.ts";
import { compareElements, type Tolerance } from "./compare-elements.ts";

export interface TensorDifference {
  readonly name: string;
  readonly what: "only in A" | "only in B" | "dtype" | "shape" | "elements";
  readonly detail: string;
  /** Elements that differ. */
  readonly count?: number;
  /** The largest distance of numbers. */
  readonly largest?: number | string;
}

export async function compareWeights({
  operands: [a, b],
  output,
  json: asJson,
  values,
}: CommandContext): Promise<ExitCode> {
  const tolerance = { absolute: numberOf(values.atol, "atol"), relative: numberOf(values.rtol, "rtol") };
  const first = await openWeights(a);
  const bar = progressOn(output);
  try {
    const second = await openWeights(b);
    try {
      const found = await differences(first, second, tolerance, bar.show);
      bar.clear();
      if (asJson) output.out(json({ a, b, differences: found }));
      else
        for (const { name, what, detail } of found)
          output.out(safe(`${name}: ${what}${detail === "" ? "" : `: ${detail}`}`));
      return found.length === 0 ? 0 : 1;
    } finally {
      await second.close();
    }
  } finally {
    bar.clear();
    await first.close();
  }
}

function numberOf(value: CommandContext["values"][string], name: string): number {
  if (value === undefined) return 0;
  if (Number(value) >= 0) return Number(value);
  throw new UsageError(`--${name} must be a number, not ${value}`);
}

type Show = (done: number, total: number, label: string) => void;

async function differences(a: Weights, b: Weights, tolerance: Tolerance, show: Show): Promise<TensorDifference[]> {
  const others = new Map(b.tensors.map((tensor) => [tensor.name, tensor]));
  const total = a.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const found: TensorDifference[] = [];
  let done = 0;
  for (const one of a.tensors) {
    show(done, total, one.name);
    done += one.bytes;
    const other = others.get(one.name);
    others.delete(one.name);
    if (other === undefined) found.push({ name: one.name, what: "only in A", detail: "" });
    else found.push(...(await compareTensors([a, one], [b, other], tolerance)));
  }
  return [...found, ...[...others.keys()].map((name): TensorDifference => ({ name, what: "only in B", detail: "" }))];
}

type Side = readonly [weights: Weights, tensor: TensorInfo];

async function compareTensors(a: Side, b: Side, tolerance: Tolerance): Promise<TensorDifference[]> {
  const [, { name, dtype, shape }] = a;
  const [, other] = b;
  if (String(shape) !== String(other.shape))
    return [{ name, what: "shape", detail: `${shapeText(shape)}, ${shapeText(other.shape)}` }];
  const { count, largest } = await compareElements(a, b, tolerance);
  const elements: TensorDifference[] =
    count === 0
      ? []
      : [
          {
            name,
            what: "elements",
            detail: `${count} differ, by ${largest} at most`,
            count,
            largest: Number.isFinite(largest) ? largest : String(largest),
          },
        ];
  return dtype === other.dtype ? elements : [{ name, what: "dtype", detail: `${dtype}, ${other.dtype}` }, ...elements];
}
