/** Which elements go from a dataset to its copy as the bytes that they are. */
import type { DatasetInfo } from "../../../contract.ts";
import type { Mode } from "../../mode.ts";
import type { Session } from "../../session.ts";
import type { Copier } from "./copier.ts";

type Datatype = DatasetInfo["datatype"];

/** Whether elements mean the same in the copy, byte by byte: they lead nowhere, or to where they do already. */
export function isPlainCopy(copier: Copier, from: Session<Mode>, type: Datatype): boolean {
  switch (type.class) {
    case "vlen":
      return false;
    case "reference":
      return type.kind === "object" && copier.isSameFile(from);
    case "compound":
      return type.members.every((member) => isPlainCopy(copier, from, member.type));
    case "array":
      return isPlainCopy(copier, from, type.base);
    default:
      return true;
  }
}
