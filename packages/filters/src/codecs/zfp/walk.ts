/** The blocks of a field in the order of a zfp stream, and the values of each that lie within the field. */

/** Calls `visit(at, i)` for the values of a block within the field: their place in the field, and in the block. */
export type Place = (visit: (at: number, i: number) => void) => void;

/** Calls `step` for each block of a field of `shape`, fastest dimension first, with the sizes of the part within the field. */
export function eachBlock(shape: readonly number[], step: (sizes: readonly number[], place: Place) => void): void {
  const [nx, ny = 1, nz = 1, nw = 1] = shape;
  for (let w = 0; w < nw; w += 4) {
    for (let z = 0; z < nz; z += 4) {
      for (let y = 0; y < ny; y += 4) {
        for (let x = 0; x < nx; x += 4) {
          const sizes = [nx - x, ny - y, nz - z, nw - w].map((n) => Math.min(4, n));
          const [sx, sy, sz, sw] = sizes;
          step(sizes, (visit) => {
            for (let l = 0; l < sw; l++) {
              for (let k = 0; k < sz; k++) {
                for (let j = 0; j < sy; j++) {
                  const row = nx * (y + j + ny * (z + k + nz * (w + l))) + x;
                  const line = 4 * (j + 4 * (k + 4 * l));
                  for (let i = 0; i < sx; i++) visit(row + i, line + i);
                }
              }
            }
          });
        }
      }
    }
  }
}
