/** Random numbers that are the same for the same seed, everywhere. */

export interface Random {
  /** An integer from 0 to `below - 1`. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Marsaglia's xorshift of 32 bits, its seed spread first, so that neighbouring seeds have nothing in common. */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  for (let i = 0; i < 8; i++) next();
  return {
    below: (below) => next() % below,
    pick: (list) => list[next() % list.length],
  };
}
