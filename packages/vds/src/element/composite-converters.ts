/** Compounds member by member, arrays and complex numbers part by part, enumerations name by name. */
import type { FileDatatype as Datatype } from "@h5ts/core";
import { type Converter, ElementConverter } from "./converter.ts";

/** `parts` elements of a base type side by side. */
export class PartsConverter extends ElementConverter {
  readonly size: number;
  private readonly parts: number;
  private readonly from: number;
  private readonly base: Converter;

  /** `from`: bytes of a part in the source. */
  constructor(parts: number, from: number, base: Converter) {
    super();
    this.parts = parts;
    this.from = from;
    this.base = base;
    this.size = parts * base.size;
  }

  protected override one(source: Uint8Array, at: number, target: Uint8Array, to: number): void {
    const { parts, from, base } = this;
    base.convert(source, at, from, parts, target, to, base.size);
  }
}

export interface ConvertedMember {
  readonly from: number;
  readonly to: number;
  readonly converter: Converter;
}

/** Members are found by name; those that the source lacks are zero. */
export class MembersConverter implements Converter {
  readonly size: number;
  private readonly members: readonly ConvertedMember[];

  constructor(size: number, members: readonly ConvertedMember[]) {
    this.size = size;
    this.members = members;
  }

  convert(
    source: Uint8Array,
    at: number,
    stride: number,
    count: number,
    target: Uint8Array,
    to: number,
    step: number,
  ): void {
    for (let i = 0; i < count; i++) target.fill(0, to + i * step, to + i * step + this.size);
    for (const member of this.members) {
      member.converter.convert(source, at + member.from, stride, count, target, to + member.to, step);
    }
  }
}

type EnumType = Extract<Datatype, { class: "enum" }>;

/** Values by the names that they have; those without one become all ones, as libhdf5 has it. */
export class EnumConverter extends ElementConverter {
  readonly size: number;
  private readonly from: number;
  private readonly values: ReadonlyMap<string, Uint8Array>;
  private readonly unnamed: Uint8Array;

  constructor(from: EnumType, to: EnumType) {
    super();
    const named = new Map(to.members.map(({ name, value }) => [name, value]));
    const values = new Map<string, Uint8Array>();
    for (const { name, value } of from.members) {
      const other = named.get(name);
      if (other !== undefined) values.set(value.join(), other);
    }
    this.size = to.size;
    this.from = from.size;
    this.values = values;
    this.unnamed = new Uint8Array(to.size).fill(0xff);
  }

  protected override one(source: Uint8Array, at: number, target: Uint8Array, to: number): void {
    target.set(this.values.get(source.subarray(at, at + this.from).join()) ?? this.unnamed, to);
  }
}
