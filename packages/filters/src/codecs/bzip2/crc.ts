/** The checksum of bzip2: CRC-32 with the polynomial 0x04c11db7, most significant bit first. */

let table: Int32Array | undefined;

function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 24;
    for (let k = 0; k < 8; k++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
    return crc;
  });
}

/** The checksum of `bytes[start, end)`, signed. */
export function bzip2Crc(bytes: Uint8Array, start: number, end: number): number {
  table ??= makeTable();
  let crc = -1;
  for (let i = start; i < end; i++) crc = (crc << 8) ^ table[(crc >>> 24) ^ bytes[i]];
  return ~crc;
}

/** The checksum of a stream, continued by a block's. */
export function combineCrc(stream: number, block: number): number {
  return ((stream << 1) | (stream >>> 31)) ^ block;
}
