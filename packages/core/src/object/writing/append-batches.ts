/** Many values appended, one after the other: each is a change of its own, so that their makers may use the file. */
import type { DatasetInfo } from "../../contract.ts";
import type { CallOptions, Mode, Outcomes } from "../mode.ts";
import { changeOn, type Node } from "../session.ts";
import type { Batches } from "./batches.ts";

/** How long the axis is after the last. */
export function appendBatches<M extends Mode>(
  node: Node<M, DatasetInfo>,
  batches: Batches[M],
  axis: number,
  options: CallOptions | undefined,
): Outcomes<number>[M] {
  const each = (value: unknown): Outcomes<number>[M] =>
    changeOn(node, (writer) => writer.append(node, value, axis), options);
  const empty = (): Outcomes<number>[M] => changeOn(node, (writer) => writer.append(node, [], axis), options);
  const outcome =
    node.session.mode === "sync"
      ? inTurn(batches as Batches["sync"], each as (value: unknown) => number, empty as () => number)
      : later(batches, each as (value: unknown) => Promise<number>, empty as () => Promise<number>);
  return outcome as Outcomes<number>[M];
}

function inTurn(batches: Batches["sync"], each: (value: unknown) => number, empty: () => number): number {
  let length: number | undefined;
  for (const batch of batches) length = each(batch);
  return length ?? empty();
}

async function later(
  batches: Batches["async"],
  each: (value: unknown) => Promise<number>,
  empty: () => Promise<number>,
): Promise<number> {
  let length: number | undefined;
  for await (const batch of batches) length = await each(batch);
  return length ?? empty();
}
