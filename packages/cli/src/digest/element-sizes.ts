/** What a datatype says of its elements: whether they are all in their bytes, and how large they become. */
import type { FileDatatype } from "h5ts";
import { isIeee } from "./datatype-json.ts";

/** Whether the bytes of an element hold all that it says, which is not so of heap objects and what refers to them. */
export function holdsAll(type: FileDatatype): boolean {
  switch (type.class) {
    case "vlen":
      return false;
    case "reference":
      return type.kind === "object";
    case "compound":
      return type.members.every((member) => holdsAll(member.type));
    case "array":
      return holdsAll(type.base);
    default:
      return true;
  }
}

/** Whether a region is referred to somewhere in an element. */
export function hasRegions(type: FileDatatype): boolean {
  switch (type.class) {
    case "reference":
      return type.kind !== "object";
    case "compound":
      return type.members.some((member) => hasRegions(member.type));
    case "array":
    case "vlen":
      return hasRegions(type.base);
    default:
      return false;
  }
}

/** Bytes of an element in the memory of libhdf5: the schema's bound on size counts them. */
export function memorySize(type: FileDatatype): number {
  switch (type.class) {
    case "vlen":
      return type.kind === "string" ? 8 : 16;
    case "reference":
      return { object: 8, region: 12, standard: 64 }[type.kind];
    case "compound":
      return type.members.reduce((size, { type }) => size + memorySize(type) - type.size, type.size);
    case "array":
      return type.dims.reduce((size, dim) => size * dim, memorySize(type.base));
    default:
      return type.size;
  }
}

/** Bytes of an element's canonical encoding, where all have the same; else 0. */
export function canonicalSize(type: FileDatatype): number {
  switch (type.class) {
    case "float":
      return isIeee(type) ? type.size : 8;
    case "complex":
      return 2 * canonicalSize(type.base);
    case "array":
      return type.dims.reduce((size, dim) => size * dim, canonicalSize(type.base));
    case "compound": {
      const sizes = type.members.map((member) => canonicalSize(member.type));
      return sizes.includes(0) ? 0 : sizes.reduce((sum, size) => sum + size, 0);
    }
    case "string":
    case "vlen":
      return 0;
    case "reference":
      return type.kind === "object" ? 8 : 0;
    default:
      return type.size;
  }
}
