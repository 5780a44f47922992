/** The way between the field and a block. */
import { dims, nw, nx, ny, nz, size, swapped, VALUES } from "./field";

export function place<T>(output: usize, x: u32, y: u32, z: u32, w: u32): void {
  const sx = min<u32>(4, nx - x);
  const sy = min<u32>(4, ny - y);
  const sz = min<u32>(4, nz - z);
  const sw = min<u32>(4, nw - w);
  for (let l: u32 = 0; l < sw; l++) {
    for (let k: u32 = 0; k < sz; k++) {
      for (let j: u32 = 0; j < sy; j++) {
        const row: usize = nx * (y + j + ny * (z + k + nz * (w + l))) + x;
        copyRow<T>(output + row * sizeof<T>(), VALUES + (4 * (j + 4 * (k + 4 * l))) * sizeof<T>(), sx);
      }
    }
  }
}

export function gather<T>(input: usize, x: u32, y: u32, z: u32, w: u32): void {
  const sx = min<u32>(4, nx - x);
  const sy = min<u32>(4, ny - y);
  const sz = min<u32>(4, nz - z);
  const sw = min<u32>(4, nw - w);
  for (let l: u32 = 0; l < sw; l++) {
    for (let k: u32 = 0; k < sz; k++) {
      for (let j: u32 = 0; j < sy; j++) {
        const row: usize = nx * (y + j + ny * (z + k + nz * (w + l))) + x;
        copyRow<T>(VALUES + (4 * (j + 4 * (k + 4 * l))) * sizeof<T>(), input + row * sizeof<T>(), sx);
      }
    }
  }
  if (sx < 4) pad<T>(0, sx);
  if (sy < 4 && dims > 1) pad<T>(1, sy);
  if (sz < 4 && dims > 2) pad<T>(2, sz);
  if (sw < 4 && dims > 3) pad<T>(3, sw);
}

// @ts-ignore: decorator
@inline
function copyRow<T>(to: usize, from: usize, count: u32): void {
  if (swapped) {
    for (let i: u32 = 0; i < count; i++) store<T>(to + i * sizeof<T>(), bswap<T>(load<T>(from + i * sizeof<T>())));
    return;
  }
  if (sizeof<T>() == 4 && count == 4) {
    v128.store(to, v128.load(from));
    return;
  }
  for (let i: u32 = 0; i < count; i++) store<T>(to + i * sizeof<T>(), load<T>(from + i * sizeof<T>()));
}

/** Fills lines that reach over the field's edge: 1 to 3 values are continued by the 1st, 2nd and 1st. */
function pad<T>(axis: u32, count: u32): void {
  const step: usize = (1 << (2 * axis)) * sizeof<T>();
  for (let i: u32 = 0; i < size; i++) {
    if (((i >> (2 * axis)) & 3) != 0) continue;
    const at = VALUES + i * sizeof<T>();
    if (count < 2) store<T>(at + step, load<T>(at));
    if (count < 3) store<T>(at + 2 * step, load<T>(at + step));
    store<T>(at + 3 * step, load<T>(at));
  }
}
