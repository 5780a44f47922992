/** How many bytes a datatype takes in an object header, which has room for less than 64 KiB of it. */
import type { FileDatatype } from "h5ts";

/** The most that fits, with what stands before it. */
export const MOST_MESSAGE_BYTES = 65_000;

const padded = (name: string): number => (new TextEncoder().encode(name).length + 8) & ~7;

/** Bytes of the encoding that files for the oldest libraries have, about. */
export function messageBytes(type: FileDatatype): number {
  switch (type.class) {
    case "compound":
      return type.members.reduce((sum, member) => sum + padded(member.name) + 32 + messageBytes(member.type), 8);
    case "enum":
      return type.members.reduce((sum, member) => sum + padded(member.name) + type.size, 8 + messageBytes(type.base));
    case "array":
      return 12 + 8 * type.dims.length + messageBytes(type.base);
    case "vlen":
      return 8 + messageBytes(type.base);
    case "opaque":
      return 8 + padded(type.tag);
    case "float":
      return 20;
    default:
      return 12;
  }
}
