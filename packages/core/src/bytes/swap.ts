/** Order of bytes: which one this machine has, and turning it around in place. */

/** Whether numbers stand in memory with their lowest byte first, as on all common machines. */
export const HOST_LITTLE: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A platform's own way to turn around the bytes of many elements of 2, 4 or 8 bytes: five times as fast as a loop. */
export type NativeSwap = (bytes: Uint8Array, width: number) => void;

let native: NativeSwap | undefined;

/** Bytes from which on the platform's own way pays. */
const LONG = 4096;

/** Hands in what the platform has; `undefined`: nothing. */
export function useNativeSwap(swap: NativeSwap | undefined): void {
  native = swap;
}

/** Turns around the bytes of each element of `width` bytes. Bits are kept as they are: also those of NaNs. */
export function swapInPlace(bytes: Uint8Array, width: number): void {
  const usual = width === 2 || width === 4 || width === 8;
  if (native !== undefined && usual && bytes.length >= LONG && bytes.length % width === 0) native(bytes, width);
  else swapByLoop(bytes, width);
}

function swapByLoop(bytes: Uint8Array, width: number): void {
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
