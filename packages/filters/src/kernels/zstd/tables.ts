/** Codes of zstd's sequences: baselines, extra bits and default distributions (RFC 8878, sections 3.1.1.3.2.1 and 2.2). */

/** One kind of code: lengths of literals, offsets, or lengths of matches. */
export interface CodeKind {
  readonly baselines: Int32Array;
  readonly extraBits: Uint8Array;
  readonly defaultCounts: Int16Array;
  readonly defaultLog: number;
  readonly maxLog: number;
}

/** Baselines that follow from the first one and the extra bits. */
function baselines(first: number, extraBits: Uint8Array): Int32Array {
  const out = new Int32Array(extraBits.length);
  let base = first;
  for (let code = 0; code < extraBits.length; code++) {
    out[code] = base;
    base += 1 << extraBits[code];
  }
  return out;
}

const literalBits = /* @__PURE__ */ Uint8Array.of(
  ...[
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
  ],
);
const matchBits = /* @__PURE__ */ Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);
const offsetBits = /* @__PURE__ */ Uint8Array.from({ length: 32 }, (_, code) => code);

/** Lengths of literals. */
export const LITERALS: CodeKind = {
  extraBits: literalBits,
  baselines: /* @__PURE__ */ baselines(0, literalBits),
  defaultLog: 6,
  maxLog: 9,
  defaultCounts: /* @__PURE__ */ Int16Array.of(
    ...[4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  ),
};

/** Lengths of matches. */
export const MATCHES: CodeKind = {
  extraBits: matchBits,
  baselines: /* @__PURE__ */ baselines(3, matchBits),
  defaultLog: 6,
  maxLog: 9,
  defaultCounts: /* @__PURE__ */ Int16Array.of(
    ...[1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ...[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1],
  ),
};

/** Offsets: code n has n extra bits and the baseline 2^n. */
export const OFFSETS: CodeKind = {
  extraBits: offsetBits,
  baselines: /* @__PURE__ */ Int32Array.from({ length: 32 }, (_, code) => 2 ** code),
  defaultLog: 5,
  maxLog: 8,
  defaultCounts: /* @__PURE__ */ Int16Array.of(
    ...[1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
  ),
};
