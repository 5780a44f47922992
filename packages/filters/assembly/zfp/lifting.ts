/** The lifting transforms, along each axis: inverse to decode, forward to encode, exact for reversible streams. */
import { dims, size, VALUES } from "./field";

export function inverse<T>(exact: bool): void {
  for (let axis: i32 = <i32>dims - 1; axis >= 0; axis--) {
    const step: u32 = 1 << (2 * axis);
    for (let from: u32 = 0; from < size; from += 4 * step) {
      const at = VALUES + from * sizeof<T>();
      if (sizeof<T>() == 4 && step >= 4) {
        for (let i: u32 = 0; i < step; i += 4) {
          if (exact) inverseExactRows(at + (i << 2), step << 2);
          else inverseRows(at + (i << 2), step << 2);
        }
      } else {
        for (let i: u32 = 0; i < step; i++) {
          const line = at + i * sizeof<T>();
          if (exact) inverseExact<T>(line, step * sizeof<T>());
          else inverseLine<T>(line, step * sizeof<T>());
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function inverseLine<T>(at: usize, step: usize): void {
  let x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  y += w >> 1;
  w -= y >> 1;
  y += w;
  w = (w << 1) - y;
  z += x;
  x = (x << 1) - z;
  y += z;
  z = (z << 1) - y;
  w += x;
  x = (x << 1) - w;
  store<T>(at, x);
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

/** Four lines side by side. */
// @ts-ignore: decorator
@inline
function inverseRows(at: usize, step: usize): void {
  let x = v128.load(at);
  let y = v128.load(at + step);
  let z = v128.load(at + 2 * step);
  let w = v128.load(at + 3 * step);
  y = i32x4.add(y, i32x4.shr_s(w, 1));
  w = i32x4.sub(w, i32x4.shr_s(y, 1));
  y = i32x4.add(y, w);
  w = i32x4.sub(i32x4.shl(w, 1), y);
  z = i32x4.add(z, x);
  x = i32x4.sub(i32x4.shl(x, 1), z);
  y = i32x4.add(y, z);
  z = i32x4.sub(i32x4.shl(z, 1), y);
  w = i32x4.add(w, x);
  x = i32x4.sub(i32x4.shl(x, 1), w);
  v128.store(at, x);
  v128.store(at + step, y);
  v128.store(at + 2 * step, z);
  v128.store(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function inverseExact<T>(at: usize, step: usize): void {
  const x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  w += z;
  z += y;
  w += z;
  y += x;
  z += y;
  w += z;
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function inverseExactRows(at: usize, step: usize): void {
  const x = v128.load(at);
  let y = v128.load(at + step);
  let z = v128.load(at + 2 * step);
  let w = v128.load(at + 3 * step);
  w = i32x4.add(w, z);
  z = i32x4.add(z, y);
  w = i32x4.add(w, z);
  y = i32x4.add(y, x);
  z = i32x4.add(z, y);
  w = i32x4.add(w, z);
  v128.store(at + step, y);
  v128.store(at + 2 * step, z);
  v128.store(at + 3 * step, w);
}

export function forward<T>(exact: bool): void {
  for (let axis: u32 = 0; axis < dims; axis++) {
    const step: u32 = 1 << (2 * axis);
    for (let from: u32 = 0; from < size; from += 4 * step) {
      for (let i: u32 = 0; i < step; i++) {
        const line = VALUES + (from + i) * sizeof<T>();
        if (exact) forwardExact<T>(line, step * sizeof<T>());
        else forwardLine<T>(line, step * sizeof<T>());
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function forwardLine<T>(at: usize, step: usize): void {
  let x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  x = (x + w) >> 1;
  w -= x;
  z = (z + y) >> 1;
  y -= z;
  x = (x + z) >> 1;
  z -= x;
  w = (w + y) >> 1;
  y -= w;
  w += y >> 1;
  y -= w >> 1;
  store<T>(at, x);
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function forwardExact<T>(at: usize, step: usize): void {
  const x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  w -= z;
  z -= y;
  y -= x;
  w -= z;
  z -= y;
  w -= z;
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}
