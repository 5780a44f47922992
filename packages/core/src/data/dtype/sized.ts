/** Datatypes for files whose addresses have other widths: elements that hold addresses have another size there. */
import type { Sizes } from "../../bytes/address.ts";
import type { CompoundMember, CompoundType, Datatype } from "../../format/datatype/datatype.ts";

/** Bytes of a count, and of an index in a global heap collection. */
const COUNT = 4;
const INDEX = 4;
/** Type, flags and length of a reference of HDF5 1.12. */
const REFERENCE_HEAD = 6;

/** The same datatype as it is in a file of these widths. Gaps between members stay as wide as they are. */
export function sizedType(type: Datatype, sizes: Sizes): Datatype {
  const { offsets } = sizes;
  switch (type.class) {
    case "vlen":
      return { ...type, size: COUNT + offsets + INDEX, base: sizedType(type.base, sizes) };
    case "reference":
      return { ...type, size: { object: 0, region: INDEX, standard: REFERENCE_HEAD + INDEX }[type.kind] + offsets };
    case "array": {
      const base = sizedType(type.base, sizes);
      return { ...type, base, size: (type.size / type.base.size) * base.size };
    }
    case "compound":
      return sizedCompound(type, sizes);
    default:
      return type;
  }
}

function sizedCompound(type: CompoundType, sizes: Sizes): CompoundType {
  const moved = new Map<CompoundMember, CompoundMember>();
  let grown = 0;
  for (const member of [...type.members].sort((a, b) => a.offset - b.offset)) {
    const inner = sizedType(member.type, sizes);
    moved.set(member, { ...member, offset: member.offset + grown, type: inner });
    grown += inner.size - member.type.size;
  }
  return { ...type, size: type.size + grown, members: type.members.map((member) => moved.get(member)!) };
}
