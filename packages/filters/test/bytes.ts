/** Bytes for tests: from hex, random with a seed, and random with patterns that compress. */

/** Bytes written as hex; blanks are skipped. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A generator of numbers in [0, 1) that gives the same ones for one seed (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Kinds of content of {@link sample}. */
export const KINDS = ["zeros", "random", "walk", "text", "runs"] as const;

/** `length` bytes of a kind of content. */
export function sample(kind: (typeof KINDS)[number], length: number, seed = 1): Uint8Array {
  const random = seeded(seed);
  const bytes = new Uint8Array(length);
  if (kind === "zeros") return bytes;
  if (kind === "random") return bytes.map(() => random() * 256);
  if (kind === "text")
    return bytes.map((_, i) => "the quick brown fox jumps, ".charCodeAt((i * (random() < 0.02 ? 3 : 1)) % 27));
  if (kind === "runs") {
    for (let i = 0; i < length; ) {
      const end = Math.min(length, i + 1 + Math.floor(random() ** 3 * 400));
      bytes.fill(random() * 256, i, end);
      i = end;
    }
    return bytes;
  }
  const words = new Int32Array(Math.ceil(length / 4));
  let value = 1000;
  for (let i = 0; i < words.length; i++) words[i] = value += Math.floor(random() * 21) - 10;
  return new Uint8Array(words.buffer, 0, length);
}
