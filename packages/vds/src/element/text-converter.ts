/** Text of fixed size: cut off, or filled up, as its new type says. */
import type { FileDatatype as Datatype } from "@h5ts/core";
import type { Converter } from "./converter.ts";

type StringType = Extract<Datatype, { class: "string" }>;

const SPACE = 0x20;

/** Bytes of the text in an element. */
export function textLength({ size, padding }: StringType, source: Uint8Array, at: number): number {
  if (padding === "nullterm") {
    let length = 0;
    while (length < size && source[at + length] !== 0) length++;
    return length;
  }
  const fill = padding === "spacepad" ? SPACE : 0;
  let length = size;
  while (length > 0 && source[at + length - 1] === fill) length--;
  return length;
}

export class TextConverter implements Converter {
  readonly size: number;
  private readonly from: StringType;
  private readonly to: StringType;

  constructor(from: StringType, to: StringType) {
    this.from = from;
    this.to = to;
    this.size = to.size;
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
    const { padding, size } = this.to;
    // A terminator has its place.
    const room = padding === "nullterm" ? size - 1 : size;
    for (let i = 0; i < count; i++, at += stride, to += step) {
      const length = Math.min(textLength(this.from, source, at), room);
      target.set(source.subarray(at, at + length), to);
      target.fill(padding === "spacepad" ? SPACE : 0, to + length, to + size);
    }
  }
}
