/**
 * Decoding tables of deflate's Huffman codes (RFC 1951, section 3.2.2): a root table looked up by the next bits, and
 * sub-tables behind it for the longer codes.
 */

/** Marks an entry of a root table that leads to a sub-table: `SUB | offset << 8 | bits of the sub-table`. */
export const SUB = 0x40000000;

/** Entries that hold every complete code of up to 288 symbols of 15 bits with a root of 8 to 10 bits (zlib proves 1334). */
export const TABLE_SIZE = 2048;

const counts = new Uint16Array(16);
const next = new Uint16Array(16);

/**
 * Fills `table` for the code with `lengths[start, start + count)`; an entry is `payload[symbol] | code length`, and 0
 * where no code leads.
 *
 * @returns whether the lengths form a code: a complete one or, where `sparse`, one of no or of a single one-bit symbol
 */
export function buildTable(
  table: Int32Array,
  rootBits: number,
  lengths: Uint8Array,
  start: number,
  count: number,
  payload: Int32Array,
  sparse: boolean,
): boolean {
  if (!assignFirstCodes(lengths, start, count, sparse)) return false;
  const root = 1 << rootBits;
  table.fill(0, 0, root);
  reserveSubTables(table, root, lengths, start, count);
  let free = root;
  for (let symbol = 0; symbol < count; symbol++) {
    const length = lengths[start + symbol];
    if (length === 0) continue;
    const code = reverse(next[length]++, length);
    const entry = payload[symbol] | length;
    if (length <= rootBits) {
      for (let i = code; i < root; i += 1 << length) table[i] = entry;
      continue;
    }
    const prefix = code & (root - 1);
    const bits = (table[prefix] & 0xff) - (table[prefix] < SUB ? rootBits : 0);
    if (table[prefix] < SUB) {
      table[prefix] = SUB | (free << 8) | bits;
      table.fill(0, free, free + (1 << bits));
      free += 1 << bits;
    }
    const at = (table[prefix] >>> 8) & 0x3fffff;
    for (let i = code >>> rootBits; i < 1 << bits; i += 1 << (length - rootBits)) table[at + i] = entry;
  }
  return true;
}

/** Notes the length of the longest code behind each root entry. */
function reserveSubTables(table: Int32Array, root: number, lengths: Uint8Array, start: number, count: number): void {
  const codes = next.slice();
  for (let symbol = 0; symbol < count; symbol++) {
    const length = lengths[start + symbol];
    if (length === 0) continue;
    const code = reverse(codes[length]++, length);
    if (1 << length > root) table[code & (root - 1)] = Math.max(table[code & (root - 1)], length);
  }
}

/** Puts the first code of each length into `next`. */
function assignFirstCodes(lengths: Uint8Array, start: number, count: number, sparse: boolean): boolean {
  counts.fill(0);
  for (let i = start; i < start + count; i++) counts[lengths[i]]++;
  const used = count - counts[0];
  counts[0] = 0;
  let code = 0;
  let left = 1;
  for (let length = 1; length <= 15; length++) {
    code = (code + counts[length - 1]) << 1;
    next[length] = code;
    left = (left << 1) - counts[length];
    if (left < 0) return false;
  }
  return left === 0 || (sparse && (used === 0 || (used === 1 && counts[1] === 1)));
}

function reverse(code: number, length: number): number {
  let out = 0;
  for (let i = 0; i < length; i++) {
    out = (out << 1) | (code & 1);
    code >>>= 1;
  }
  return out;
}
