/** Adler-32, the checksum of zlib streams (RFC 1950, section 8.2). */

/** Most bytes whose sums fit 32 bits before the remainder is taken. */
const RUN = 5552;

/** The Adler-32 checksum of `bytes`, as an unsigned 32-bit integer. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    const end = Math.min(bytes.length, i + RUN);
    for (; i < end; i++) {
      a = (a + bytes[i]) | 0;
      b = (b + a) | 0;
    }
    a = (a >>> 0) % 65521;
    b = (b >>> 0) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
