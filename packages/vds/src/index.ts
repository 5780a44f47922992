/** Virtual datasets: datasets whose elements are those of others, in the same file or in many. */

export { type LayoutOptions, VirtualLayout } from "./layout/virtual-layout.ts";
export { type SourceOptions as VirtualSourceOptions, VirtualSource } from "./layout/virtual-source.ts";
export type { VirtualOptions } from "./options.ts";
export { virtualReader } from "./virtual-reader.ts";
