/** What is written to new space with a commit: structures, and small pieces of raw data that waited for it, in runs. */
import type { Encoder } from "../bytes/encoder.ts";
import type { ChangedStructure } from "../engine/structures.ts";
import type { Patch } from "../steps/storage.ts";

/** What stands one behind the other is written in runs of up to this many bytes. */
const RUN = 1 << 20;
const FIRST_ROOM = 1 << 14;

/** The bytes of a structure, until the encoder is used again. */
export function encode(to: Encoder, { room, write: writeTo }: ChangedStructure): Uint8Array<ArrayBuffer> {
  to.restart();
  writeTo(to);
  const rest = room - to.position;
  if (rest < 0) throw new RangeError(`a structure takes ${room - rest} bytes, and has room for ${room}`);
  to.reserved(rest);
  return to.finish();
}

/** Bytes in ascending order of their position, joined where they touch. */
export class Runs {
  private readonly patches: Patch[] = [];
  /** The run so far is its first `length` bytes. */
  private room = new Uint8Array(FIRST_ROOM);
  private at = 0;
  private length = 0;

  /** Bytes that the caller may use again. */
  add(at: number, bytes: Uint8Array): void {
    const room = bytes.length;
    if (this.at + this.length !== at || this.length + room > RUN) this.flush();
    if (room > RUN) {
      this.patches.push({ at, bytes: bytes.slice() });
      return;
    }
    if (this.length === 0) this.at = at;
    if (this.length + room > this.room.length) this.grow(room);
    this.room.set(bytes, this.length);
    this.length += room;
  }

  finish(): Patch[] {
    this.flush();
    return this.patches;
  }

  private grow(more: number): void {
    const grown = new Uint8Array(Math.max(2 * this.room.length, this.length + more));
    grown.set(this.room);
    this.room = grown;
  }

  private flush(): void {
    if (this.length === 0) return;
    this.patches.push({ at: this.at, bytes: this.room.slice(0, this.length) });
    this.length = 0;
  }
}
