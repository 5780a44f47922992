/** Order of bytes: which one this machine has, and turning it around in place. */

/** Whether numbers stand in memory with their lowest byte first, as on all common machines. */
export const HOST_LITTLE: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns around the bytes of each element of `width` bytes. Bits are kept as they are: also those of NaNs. */
export function swapInPlace(bytes: Uint8Array, width: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - width;
  switch (width) {
    case 1:
      return;
    case 2:
      for (let i = 0; i <= end; i += 2) view.setUint16(i, view.getUint16(i, true), false);
      return;
    case 4:
      for (let i = 0; i <= end; i += 4) view.setInt32(i, view.getInt32(i, true), false);
      return;
    case 8:
      for (let i = 0; i <= end; i += 8) {
        const low = view.getInt32(i, true);
        view.setInt32(i, view.getInt32(i + 4, true), false);
        view.setInt32(i + 4, low, false);
      }
      return;
    default:
      for (let i = 0; i <= end; i += width) bytes.subarray(i, i + width).reverse();
  }
}
