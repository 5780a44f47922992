/**
 * Bit shuffle in plain TypeScript: transposes the matrix of elements by bits. For byte b of the elements and bit k of
 * that byte there is a row of one bit an element, element 8g + j being bit j of the row's byte g.
 */

/**
 * Undoes {@link bitshuffleBlock}: `count` elements of `width` bytes, `count` a multiple of 8, from `input[from, ...)` to
 * `output[at, ...)`.
 */
export function bitunshuffleBlock(
  input: Uint8Array,
  from: number,
  output: Uint8Array,
  at: number,
  count: number,
  width: number,
): void {
  const row = count >> 3;
  for (let byte = 0; byte < width; byte++) {
    let r = from + 8 * row * byte;
    let o = at + byte;
    for (const end = r + row; r < end; r++, o += 8 * width) {
      let low = input[r] | (input[r + row] << 8) | (input[r + 2 * row] << 16) | (input[r + 3 * row] << 24);
      let high =
        input[r + 4 * row] | (input[r + 5 * row] << 8) | (input[r + 6 * row] << 16) | (input[r + 7 * row] << 24);
      if ((low | high) === 0) {
        for (let j = 0, p = o; j < 8; j++, p += width) output[p] = 0;
        continue;
      }
      // Transposes 8 x 8 bits held in two words: within 2 x 2, then 4 x 4, then between the words.
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (high ^ (low >>> 4)) & 0x0f0f0f0f;
      high ^= swap;
      low ^= swap << 4;
      let p = o;
      output[p] = low;
      output[(p += width)] = low >>> 8;
      output[(p += width)] = low >>> 16;
      output[(p += width)] = low >>> 24;
      output[(p += width)] = high;
      output[(p += width)] = high >>> 8;
      output[(p += width)] = high >>> 16;
      output[p + width] = high >>> 24;
    }
  }
}

/** Transposes `count` elements of `width` bytes, `count` a multiple of 8, from `input[from, ...)` to `output[at, ...)`. */
export function bitshuffleBlock(
  input: Uint8Array,
  from: number,
  output: Uint8Array,
  at: number,
  count: number,
  width: number,
): void {
  const row = count >> 3;
  for (let byte = 0; byte < width; byte++) {
    let r = at + 8 * row * byte;
    let i = from + byte;
    for (const end = r + row; r < end; r++, i += 8 * width) {
      let low = input[i] | (input[i + width] << 8) | (input[i + 2 * width] << 16) | (input[i + 3 * width] << 24);
      let high =
        input[i + 4 * width] |
        (input[i + 5 * width] << 8) |
        (input[i + 6 * width] << 16) |
        (input[i + 7 * width] << 24);
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (high ^ (low >>> 4)) & 0x0f0f0f0f;
      high ^= swap;
      low ^= swap << 4;
      output[r] = low;
      output[r + row] = low >>> 8;
      output[r + 2 * row] = low >>> 16;
      output[r + 3 * row] = low >>> 24;
      output[r + 4 * row] = high;
      output[r + 5 * row] = high >>> 8;
      output[r + 6 * row] = high >>> 16;
      output[r + 7 * row] = high >>> 24;
    }
  }
}
