/** The header Content-Range of an answer (RFC 9110, section 14.4). */

export interface ContentRange {
  /** First byte, and the one after the last; absent in an answer that a range cannot be satisfied. */
  readonly start?: number;
  readonly end?: number;
  /** Bytes of the whole; absent where the server does not know. */
  readonly total?: number;
}

/** `undefined` where the header is absent, hidden by CORS, or of no known form. */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^\s*bytes\s+(?:(\d+)\s*-\s*(\d+)|\*)\s*\/\s*(\d+|\*)\s*$/i.exec(header ?? "");
  if (match === null) return undefined;
  const [, first, last, total] = match;
  const range = {
    ...(first === undefined ? {} : { start: Number(first), end: Number(last) + 1 }),
    ...(total === "*" ? {} : { total: Number(total) }),
  };
  return Object.values(range).every(Number.isSafeInteger) ? range : undefined;
}
