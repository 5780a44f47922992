/**
 * Names in the HDF Group's registry of filters, for filters that this package does not have: an error can then say what
 * a file needs instead of a bare number.
 */

const NAMES: Readonly<Record<number, string>> = {
  1: "deflate",
  2: "shuffle",
  3: "fletcher32",
  4: "szip",
  5: "nbit",
  6: "scaleoffset",
  257: "hzip",
  258: "fpzip",
  305: "LZO",
  307: "bzip2",
  32000: "lzf",
  32001: "blosc",
  32002: "MAFISC",
  32003: "Snappy",
  32004: "lz4",
  32005: "APAX",
  32006: "CBF",
  32007: "JPEG-XR",
  32008: "bitshuffle",
  32009: "SPDP",
  32010: "LPC-Rice",
  32011: "CCSDS-123",
  32012: "JPEG-LS",
  32013: "zfp",
  32014: "fpzip",
  32015: "zstd",
  32016: "B3D",
  32017: "SZ",
  32018: "FCIDECOMP",
  32019: "JPEG",
  32020: "VBZ",
  32021: "FAPEC",
  32022: "BitGroom",
  32023: "Granular BitRound",
  32024: "SZ3",
  32025: "Delta-Rice",
  32026: "blosc2",
  32027: "FLAC",
  32028: "SPERR",
  32029: "TERSE/PROLIX",
  32030: "FFMPEG",
  32033: "HTJ2K",
};

/** The registered name of a filter, with its id: `"LZO (filter 305)"`; a number that has no name is described by its range. */
export function describeFilter(id: number): string {
  const name = Object.hasOwn(NAMES, id) ? NAMES[id] : undefined;
  if (name) return `${name} (filter ${id})`;
  if (id >= 256 && id <= 511) return `filter ${id}, of the range for testing`;
  if (id >= 32768 && id <= 65535) return `filter ${id}, of the range for private use`;
  return `filter ${id}`;
}
