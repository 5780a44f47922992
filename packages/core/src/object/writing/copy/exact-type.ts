/** Datatypes by which elements are copied as values without loss. */
import type { DatasetInfo } from "../../../contract.ts";

type Datatype = DatasetInfo["datatype"];

/**
 * The same elements, with all text taken as the bytes that it is: text that fills its room has no NUL behind it, and some is
 * not in the encoding that its datatype says. Read by this and written by this, the bytes stay.
 */
export function exactType(type: Datatype): Datatype {
  switch (type.class) {
    case "string":
      return { ...type, padding: "nullpad", charset: "utf8" };
    case "vlen":
      return { ...type, charset: "utf8", base: exactType(type.base) };
    case "array":
      return { ...type, base: exactType(type.base) };
    case "compound":
      return { ...type, members: type.members.map((member) => ({ ...member, type: exactType(member.type) })) };
    default:
      return type;
  }
}
