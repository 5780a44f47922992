/** Which version of the datatype message a type needs: as old as can be, so that old readers understand it. */
import type { Datatype } from "./datatype.ts";

/**
 * Arrays need version 2, VAX floats 3, references of HDF5 1.12 need 4 and complex numbers 5; a type needs what its parts
 * need.
 */
export function lowestVersion(type: Datatype): number {
  switch (type.class) {
    case "float":
      return type.order === "vax" ? 3 : 1;
    case "reference":
      return type.kind === "standard" ? 4 : 1;
    case "complex":
      return 5;
    case "array":
      return Math.max(2, versionOf(type.base));
    case "enum":
    case "vlen":
      return versionOf(type.base);
    case "compound":
      return type.members.reduce((version, member) => Math.max(version, versionOf(member.type)), 1);
    default:
      return 1;
  }
}

const versionOf = (type: Datatype): number => type.version ?? lowestVersion(type);
