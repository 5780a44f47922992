/**
 * How large the workloads are. `sizes.json` beside this file has the sizes by which targets are judged; a folder of data has its own
 * `sizes.json`, which all peers read.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import full from "./sizes.json" with { type: "json" };

export type Sizes = Readonly<Record<keyof typeof full, number>>;

/** An image has 256 x 256 elements of float32. */
export const SIDE = 256;
export const IMAGE_BYTES: number = SIDE * SIDE * 4;

/** Sizes that no workload can do without, whatever the scale. */
const LEAST: Partial<Sizes> = { frames: 8, pluginFrames: 8, images: 8, listed: 4, writtenFrames: 8, slowFrames: 4 };

/** All sizes by a factor; 1 is what targets are judged by. */
export function scaledSizes(scale: number): Sizes {
  const sizes = Object.entries(full as Sizes).map(([name, size]): [string, number] => [
    name,
    Math.max(LEAST[name as keyof Sizes] ?? 64, Math.round(size * scale)),
  ]);
  return { ...(Object.fromEntries(sizes) as Sizes), matrix: matrixSide(scale) };
}

/** A power of two, so that chunks of 128 x 128 fill it. */
const matrixSide = (scale: number): number => 2 ** Math.max(8, Math.round(Math.log2(full.matrix * Math.sqrt(scale))));

/** The sizes of a folder; where it does not say, the full ones. */
export function sizesOf(folder: string): Sizes {
  const path = join(folder, "sizes.json");
  return existsSync(path) ? { ...full, ...(JSON.parse(readFileSync(path, "utf8")) as Partial<Sizes>) } : full;
}

export function keepSizes(folder: string, sizes: Sizes): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "sizes.json"), `${JSON.stringify(sizes, undefined, 2)}\n`);
}
