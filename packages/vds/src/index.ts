/** Virtual datasets: datasets whose elements are those of others, in the same file or in many. */
export type { VirtualOptions } from "./options.ts";
export { virtualReader } from "./virtual-reader.ts";
