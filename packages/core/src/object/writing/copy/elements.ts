/** Elements on their way from a dataset to its copy as the bytes that they are. */
import type { DatasetInfo } from "../../../contract.ts";
import type { Sink } from "../../../data/sink.ts";
import type { Source } from "../../../data/source.ts";
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

/** Elements that stand side by side. */
export class BytesSource implements Source {
  readonly elementSize: number;
  readonly direct: Uint8Array;

  constructor(bytes: Uint8Array, elementSize: number) {
    this.direct = bytes;
    this.elementSize = elementSize;
  }

  prepare(): undefined {
    return undefined;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { direct, elementSize } = this;
    for (let i = 0; i < count; i++) {
      const from = (index + i) * elementSize;
      target.set(direct.subarray(from, from + elementSize), at + i * stride);
    }
  }
}

/** The bytes of elements, as they stand. */
export class BytesSink implements Sink {
  readonly elementSize: number;
  readonly direct: Uint8Array;
  private readonly fillBytes: Uint8Array;

  constructor(count: number, elementSize: number, fillBytes: Uint8Array = new Uint8Array(elementSize)) {
    this.direct = new Uint8Array(count * elementSize);
    this.elementSize = elementSize;
    this.fillBytes = fillBytes;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { direct, elementSize } = this;
    for (let i = 0; i < count; i++) {
      const from = at + i * stride;
      direct.set(source.subarray(from, from + elementSize), (index + i) * elementSize);
    }
  }

  fill(index: number, count: number): void {
    const { direct, elementSize, fillBytes } = this;
    for (let i = 0; i < count; i++) direct.set(fillBytes, (index + i) * elementSize);
  }

  finish(): undefined {
    return undefined;
  }
}
