/** The plan of any selection. */
import type { Selection } from "../../data/selection/selection.ts";
import { AxesPlan } from "./axes-plan.ts";
import type { ChunkPlan, PlanGrid } from "./plan.ts";
import { RunsPlan } from "./runs-plan.ts";

export function chunkPlan(selection: Selection, grid: PlanGrid): ChunkPlan {
  return selection.kind === "axes" ? new AxesPlan(selection, grid) : new RunsPlan(selection, grid);
}
