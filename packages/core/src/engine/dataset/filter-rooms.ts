/** Memory that the output of filters goes through: fresh pages for every chunk would cost as much as a fast filter. */
import { giveScratch, type Scratch, takeScratch } from "./scratch.ts";

/**
 * For one chunk at a time. Two buffers: the input of a filter stands in one, or elsewhere, its output in the other; that of
 * the last filter to be undone may go where the chunk belongs.
 */
export class FilterRooms {
  /** Where the chunk's bytes belong in the end, as many as it has, if that is known. */
  target: Uint8Array | undefined = undefined;
  private readonly rooms: (Scratch | undefined)[] = [undefined, undefined];

  /** Room for `length` bytes or more, in which nothing stands of the input. */
  beside(input: Uint8Array, length: number): Uint8Array {
    const which = this.rooms[0]?.bytes.buffer === input.buffer ? 1 : 0;
    let room = this.rooms[which];
    if (room === undefined || room.bytes.length < length) {
      if (room !== undefined) giveScratch(room);
      room = takeScratch(length);
      this.rooms[which] = room;
    }
    return room.bytes;
  }

  /** Whether bytes stand in a room. */
  has(bytes: Uint8Array): boolean {
    return this.rooms.some((room) => room?.bytes.buffer === bytes.buffer);
  }

  /** Gives the memory back: nobody may hold a view of it. */
  release(): void {
    for (const room of this.rooms) if (room !== undefined) giveScratch(room);
    this.rooms.fill(undefined);
  }
}
