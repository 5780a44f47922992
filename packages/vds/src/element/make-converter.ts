/** Chooses how elements of one datatype become those of another. */
import { type FileDatatype as Datatype, DType, numberCodec, type Sizes, sameType, UnsupportedError } from "@h5ts/core";
import { EnumConverter, MembersConverter, PartsConverter } from "./composite-converters.ts";
import { type Converter, CopyConverter } from "./converter.ts";
import type { ForeignHeap, HeapOrigin } from "./foreign-heap.ts";
import { NumberConverter } from "./number-converter.ts";
import {
  regionReference,
  StandardReferenceConverter,
  TextToHeapConverter,
  variableLength,
} from "./reference-converters.ts";
import { TextConverter } from "./text-converter.ts";

/** Where elements come from and go to. */
export interface Conversion {
  readonly from: Sizes;
  readonly to: Sizes;
  /** Whose heap the objects stand in that elements of the source refer to. */
  readonly origin: HeapOrigin;
  readonly heap: ForeignHeap;
}

/** Whether elements refer to heap objects. */
export function hasReferences(type: Datatype): boolean {
  switch (type.class) {
    case "vlen":
      return true;
    case "reference":
      return type.kind !== "object";
    case "compound":
      return type.members.some((member) => hasReferences(member.type));
    case "array":
      return hasReferences(type.base);
    default:
      return false;
  }
}

/** UnsupportedError where the one cannot become the other. */
export function makeConverter(from: Datatype, to: Datatype, conversion: Conversion): Converter {
  if (sameType(from, to) && !hasReferences(to)) return new CopyConverter(to.size);
  const made = numbers(from, to) ?? others(from, to, conversion);
  if (made !== undefined) return made;
  throw new UnsupportedError("cannot become elements of the virtual dataset's datatype", {
    structure: "Datatype of a source",
    found: new DType(from).name,
    allowed: `what converts to ${new DType(to).name}`,
  });
}

/** Enumerations become numbers, but only of the same names. */
function numbers(from: Datatype, to: Datatype): Converter | undefined {
  if (to.class === "enum") {
    return from.class === "enum" ? new EnumConverter(from, to) : undefined;
  }
  if (from.class === "opaque" || to.class === "opaque") return undefined;
  const source = numberCodec(from);
  const target = numberCodec(to);
  return source && target && new NumberConverter(source, target);
}

function others(from: Datatype, to: Datatype, conversion: Conversion): Converter | undefined {
  switch (to.class) {
    case "string":
      return from.class === "string" ? new TextConverter(from, to) : undefined;
    case "compound":
      return from.class === "compound" ? members(from, to, conversion) : undefined;
    case "array": {
      if (from.class !== "array" || from.dims.join() !== to.dims.join()) return undefined;
      const parts = to.dims.reduce((product, dim) => product * dim, 1);
      return new PartsConverter(parts, from.base.size, makeConverter(from.base, to.base, conversion));
    }
    case "complex":
      return from.class === "complex"
        ? new PartsConverter(2, from.base.size, makeConverter(from.base, to.base, conversion))
        : undefined;
    case "vlen":
      return sequences(from, to, conversion);
    case "reference":
      return from.class === "reference" && from.kind === to.kind ? reference(from, to, conversion) : undefined;
    case "opaque":
      return from.class === "opaque" && from.size === to.size ? new CopyConverter(to.size) : undefined;
    default:
      return undefined;
  }
}

type Of<C> = Extract<Datatype, { class: C }>;

function members(from: Of<"compound">, to: Of<"compound">, conversion: Conversion): Converter {
  const named = new Map(from.members.map((member) => [member.name, member]));
  const found = to.members.flatMap(({ name, offset, type }) => {
    const member = named.get(name);
    if (member === undefined) return [];
    return [{ from: member.offset, to: offset, converter: makeConverter(member.type, type, conversion) }];
  });
  return new MembersConverter(to.size, found);
}

function sequences(from: Datatype, to: Of<"vlen">, conversion: Conversion): Converter | undefined {
  const { heap, origin } = conversion;
  if (from.class === "string" && to.kind === "string") return new TextToHeapConverter(from, conversion.to, heap);
  if (from.class !== "vlen" || from.kind !== to.kind) return undefined;
  if (to.kind === "string") return variableLength(conversion.from, conversion.to, heap, { origin });
  const same = sameType(from.base, to.base) && !hasReferences(to.base);
  const elements = same
    ? undefined
    : { size: from.base.size, converter: makeConverter(from.base, to.base, conversion) };
  return variableLength(conversion.from, conversion.to, heap, { origin, elements });
}

function reference(
  from: Of<"reference">,
  to: Of<"reference">,
  { from: sizes, to: own, heap, origin }: Conversion,
): Converter {
  if (to.kind === "object") return new CopyConverter(Math.min(from.size, to.size));
  if (to.kind === "region") return regionReference(sizes, own, heap, { origin });
  return new StandardReferenceConverter(from.size, to.size, sizes, own, heap, { origin });
}
