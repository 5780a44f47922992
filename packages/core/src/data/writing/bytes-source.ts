/** Elements that are given as the bytes that they shall be in the file. */
import { DTypeError, ShapeError, UnsupportedError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { isFlat } from "../codecs/view.ts";
import { nameOf } from "../dtype/name.ts";
import { BytesSource } from "../raw-elements.ts";
import type { Source } from "../source.ts";

/**
 * Bytes of so many elements, one behind the other in row-major order. DTypeError of another value, ShapeError of other bytes than they
 * need, UnsupportedError of elements that are not all there is of them.
 */
export function bytesSource(value: unknown, type: Datatype, count: number): Source {
  if (!isFlat(type) || refers(type))
    throw new UnsupportedError("elements that lead elsewhere cannot be written as bytes", { found: nameOf(type) });
  if (!(value instanceof Uint8Array))
    throw new DTypeError("elements as bytes are a Uint8Array", { found: typeof value });
  if (value.length !== count * type.size)
    throw new ShapeError("has other bytes than the elements need", {
      found: `${value.length} bytes`,
      allowed: `${count * type.size} bytes`,
    });
  return new BytesSource(value, type.size);
}

function refers(type: Datatype): boolean {
  if (type.class === "compound") return type.members.some((member) => refers(member.type));
  return type.class === "reference" || (type.class === "array" && refers(type.base));
}
