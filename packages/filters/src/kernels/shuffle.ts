/**
 * Byte shuffle in plain TypeScript: transposes the matrix of elements by bytes. Elements of 4 bytes and more
 * move four at a time by four bytes, in words; others go byte by byte.
 */

/** Undoes {@link shuffleBytes}; `input` and `output` have one length and do not overlap. */
export function unshuffleBytes(input: Uint8Array, output: Uint8Array, width: number): void {
  const count = Math.floor(input.length / width);
  let done = 0;
  if (count >= 4 && width >= 4) {
    done = count & ~3;
    // The last four bytes may be some of the four before: they are moved twice.
    for (let byte = 0; byte < width; byte += 4) unshuffle4(input, output, width, count, Math.min(byte, width - 4));
  } else if (count >= 4 && width === 2) {
    done = count & ~3;
    unshuffle2(input, output, count);
  }
  for (let byte = 0; byte < width; byte++) {
    for (let i = byte * count + done, o = done * width + byte, end = (byte + 1) * count; i < end; o += width) {
      output[o] = input[i++];
    }
  }
  output.set(input.subarray(count * width), count * width);
}

/** Gathers byte 0 of all elements of `width` bytes, then byte 1, ...; a rest shorter than an element is copied. */
export function shuffleBytes(input: Uint8Array, output: Uint8Array, width: number): void {
  const count = Math.floor(input.length / width);
  let done = 0;
  if (count >= 4 && width >= 4) {
    done = count & ~3;
    for (let byte = 0; byte < width; byte += 4) shuffle4(input, output, width, count, Math.min(byte, width - 4));
  }
  for (let byte = 0; byte < width; byte++) {
    for (let o = byte * count + done, i = done * width + byte, end = (byte + 1) * count; o < end; i += width) {
      output[o++] = input[i];
    }
  }
  output.set(input.subarray(count * width), count * width);
}

/** Bytes `byte` to `byte + 3` of all elements, four elements at a time: a transpose of 4 x 4 bytes in four words. */
function unshuffle4(input: Uint8Array, output: Uint8Array, width: number, count: number, byte: number): void {
  const from = new DataView(input.buffer, input.byteOffset + byte * count, 4 * count);
  const to = new DataView(output.buffer, output.byteOffset + byte);
  const end = count & ~3;
  const [c1, c2, c3] = [count, 2 * count, 3 * count];
  const [w2, w3] = [2 * width, 3 * width];
  for (let i = 0, o = 0; i < end; i += 4, o += 4 * width) {
    const a = from.getInt32(i, true);
    const b = from.getInt32(i + c1, true);
    const c = from.getInt32(i + c2, true);
    const d = from.getInt32(i + c3, true);
    const ab0 = (a & 0x00ff00ff) | ((b & 0x00ff00ff) << 8);
    const ab1 = ((a >>> 8) & 0x00ff00ff) | (b & 0xff00ff00);
    const cd0 = (c & 0x00ff00ff) | ((d & 0x00ff00ff) << 8);
    const cd1 = ((c >>> 8) & 0x00ff00ff) | (d & 0xff00ff00);
    to.setInt32(o, (ab0 & 0xffff) | (cd0 << 16), true);
    to.setInt32(o + width, (ab1 & 0xffff) | (cd1 << 16), true);
    to.setInt32(o + w2, (ab0 >>> 16) | (cd0 & 0xffff0000), true);
    to.setInt32(o + w3, (ab1 >>> 16) | (cd1 & 0xffff0000), true);
  }
}

/** The inverse of {@link unshuffle4}: the same transpose, words of elements in, words of planes out. */
function shuffle4(input: Uint8Array, output: Uint8Array, width: number, count: number, byte: number): void {
  const from = new DataView(input.buffer, input.byteOffset + byte);
  const to = new DataView(output.buffer, output.byteOffset + byte * count, 4 * count);
  const end = count & ~3;
  const [c1, c2, c3] = [count, 2 * count, 3 * count];
  const [w2, w3] = [2 * width, 3 * width];
  for (let o = 0, i = 0; o < end; o += 4, i += 4 * width) {
    const a = from.getInt32(i, true);
    const b = from.getInt32(i + width, true);
    const c = from.getInt32(i + w2, true);
    const d = from.getInt32(i + w3, true);
    const ab0 = (a & 0x00ff00ff) | ((b & 0x00ff00ff) << 8);
    const ab1 = ((a >>> 8) & 0x00ff00ff) | (b & 0xff00ff00);
    const cd0 = (c & 0x00ff00ff) | ((d & 0x00ff00ff) << 8);
    const cd1 = ((c >>> 8) & 0x00ff00ff) | (d & 0xff00ff00);
    to.setInt32(o, (ab0 & 0xffff) | (cd0 << 16), true);
    to.setInt32(o + c1, (ab1 & 0xffff) | (cd1 << 16), true);
    to.setInt32(o + c2, (ab0 >>> 16) | (cd0 & 0xffff0000), true);
    to.setInt32(o + c3, (ab1 >>> 16) | (cd1 & 0xffff0000), true);
  }
}

/** Elements of two bytes, four at a time: one word of low bytes and one of high bytes make two words. */
function unshuffle2(input: Uint8Array, output: Uint8Array, count: number): void {
  const from = new DataView(input.buffer, input.byteOffset);
  const to = new DataView(output.buffer, output.byteOffset);
  const end = count & ~3;
  for (let i = 0; i < end; i += 4) {
    const a = from.getInt32(i, true);
    const b = from.getInt32(i + count, true);
    const even = (a & 0x00ff00ff) | ((b & 0x00ff00ff) << 8);
    const odd = ((a >>> 8) & 0x00ff00ff) | (b & 0xff00ff00);
    to.setInt32(2 * i, (even & 0xffff) | (odd << 16), true);
    to.setInt32(2 * i + 4, (even >>> 16) | (odd & 0xffff0000), true);
  }
}
