/**
 * Jenkins' lookup3 (hashlittle), the checksum of all versioned metadata (HDF5 File Format Specification, section I.A).
 */

const rot = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** The checksum of `bytes[start, end)` as an unsigned 32-bit integer, started from `initial`. */
export function lookup3(bytes: Uint8Array, start = 0, end: number = bytes.length, initial = 0): number {
  let length = end - start;
  let a = (0xdeadbeef + length + initial) | 0;
  let b = a;
  let c = a;
  let i = start;
  while (length > 12) {
    a = (a + (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24))) | 0;
    b = (b + (bytes[i + 4] | (bytes[i + 5] << 8) | (bytes[i + 6] << 16) | (bytes[i + 7] << 24))) | 0;
    c = (c + (bytes[i + 8] | (bytes[i + 9] << 8) | (bytes[i + 10] << 16) | (bytes[i + 11] << 24))) | 0;
    a = ((a - c) | 0) ^ rot(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rot(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rot(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rot(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rot(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rot(b, 4);
    b = (b + a) | 0;
    length -= 12;
    i += 12;
  }
  if (length === 0) return c >>> 0;
  a = (a + tail(bytes, i, length)) | 0;
  b = (b + tail(bytes, i + 4, length - 4)) | 0;
  c = (c + tail(bytes, i + 8, length - 8)) | 0;
  c = ((c ^ b) - rot(b, 14)) | 0;
  a = ((a ^ c) - rot(c, 11)) | 0;
  b = ((b ^ a) - rot(a, 25)) | 0;
  c = ((c ^ b) - rot(b, 16)) | 0;
  a = ((a ^ c) - rot(c, 4)) | 0;
  b = ((b ^ a) - rot(a, 14)) | 0;
  c = ((c ^ b) - rot(b, 24)) | 0;
  return c >>> 0;
}

/** Up to four bytes as a little-endian word; 0 where none are left. */
function tail(bytes: Uint8Array, at: number, left: number): number {
  let word = 0;
  for (let k = Math.min(left, 4) - 1; k >= 0; k--) word = (word << 8) | bytes[at + k];
  return word;
}
