/** Chunk filters of HDF5: the interface, a registry, and one filter per file. Imports nothing of the other packages. */
export { type ClientData, type Codec, CodecError, type Filter, type OutputSize } from "./filter.ts";
