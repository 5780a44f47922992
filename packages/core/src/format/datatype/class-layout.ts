/** What the datatype message asks of each class of datatypes. */
import type { Fields } from "../../bytes/fields.ts";
import type { Datatype } from "./datatype.ts";

/** The first eight bytes of every datatype. */
export interface DatatypeHead {
  readonly version: number;
  /** Class bit field, 24 bits. */
  readonly bits: number;
  readonly size: number;
}

/** Reads or writes a datatype within a datatype. */
export type Nested = (f: Fields, v?: Datatype) => Datatype;

export interface ClassLayout<T extends Datatype> {
  /** The class bit field of a type. */
  bits(type: T): number;
  /** The properties that follow the head. */
  properties(f: Fields, head: DatatypeHead, v: T | undefined, nested: Nested): T;
}

/** A FormatError unless bits `offset` to `offset + count` are within the element. */
export function bitsWithin(f: Fields, what: string, offset: number, count: number, head: DatatypeHead): void {
  if (f.reading && (count === 0 || offset + count > 8 * head.size)) {
    f.fail(`has ${what} outside its bytes`, `${count} bits from bit ${offset}`, `within ${8 * head.size} bits`);
  }
}
