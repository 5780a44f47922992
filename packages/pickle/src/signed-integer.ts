/** An integer of any width in two's complement, its lowest byte first; no bytes are 0. */
export function signedInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return BigInt.asIntN(8 * bytes.length, value);
}
