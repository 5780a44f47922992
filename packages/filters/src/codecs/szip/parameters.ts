/** The client data of szip, checked, and what follows from it for the coder. */
import { type ClientData, CodecError } from "../../filter.ts";

const MSB = 16;
const NEAREST_NEIGHBOR = 32;

/** How a chunk is coded. */
export interface SzipParameters {
  /** Whether values are differences to their left neighbour. */
  readonly predict: boolean;
  /** Whether samples of more than a byte have their most significant byte first. */
  readonly bigEndian: boolean;
  /** Samples of a block. */
  readonly block: number;
  /** Samples of a scanline. */
  readonly scanline: number;
  /** Bits of a sample as the coder sees it: 1 to 24. */
  readonly bits: number;
  /** Bytes of a sample: 1, 2 or 4. */
  readonly bytes: number;
  /** Elements of 4 or 8 bytes are coded as byte planes; otherwise 1. */
  readonly planes: number;
}

/** Reads the client data: option mask, samples of a block, bits of a sample, samples of a scanline. */
export function szipParameters(clientData: ClientData): SzipParameters {
  const [mask, block, pixelBits, scanline] = clientData;
  if (clientData.length < 4) throw new CodecError("szip", `${clientData.length} words of client data, not 4`);
  if (block < 2 || block > 32 || block % 2)
    throw new CodecError("szip", `${block} samples a block, not even and 2 to 32`);
  if (scanline < 1 || scanline > 4096 * 32) throw new CodecError("szip", `${scanline} samples a scanline`);
  const wide = pixelBits === 32 || pixelBits === 64;
  if (!wide && (pixelBits < 1 || pixelBits > 24)) {
    throw new CodecError("szip", `${pixelBits} bits a sample, not 1 to 24, 32 or 64`);
  }
  const bits = wide ? 8 : pixelBits;
  return {
    predict: (mask & NEAREST_NEIGHBOR) !== 0,
    bigEndian: (mask & MSB) !== 0,
    block,
    scanline,
    bits,
    bytes: bits <= 8 ? 1 : bits <= 16 ? 2 : 4,
    planes: wide ? pixelBits / 8 : 1,
  };
}

/** Bits of the identification that starts a block. */
export function idBits(bits: number): number {
  return bits <= 8 ? 3 : bits <= 16 ? 4 : 5;
}

/** A zero run that reaches the end of a scanline or of a group of 64 blocks is written as this count. */
export const TO_SEGMENT_END = 5;

/** Blocks of a segment, the unit of zero runs. */
export const SEGMENT = 64;
