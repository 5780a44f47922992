/** What is known of an object when its header was edited: most of what was known before. */
import type { AnyObjectInfo, ObjectInfo } from "../../contract.ts";

/** A description of an object, as long as what it describes is edited in ways that it can follow. */
export class HeaderInfo {
  private info: AnyObjectInfo | undefined;

  constructor(info: AnyObjectInfo | undefined) {
    this.info = info;
  }

  /** `undefined`: the header must be asked. */
  get known(): AnyObjectInfo | undefined {
    return this.info;
  }

  forget(): void {
    this.info = undefined;
  }

  /** Of headers of version 1. */
  referenceCount(referenceCount: number): void {
    const { info } = this;
    if (info !== undefined && info.referenceCount !== referenceCount) this.info = { ...info, referenceCount };
  }

  /** Whether there are attributes in the header. */
  attributes(some: boolean): void {
    const { info } = this;
    const attributeStorage: ObjectInfo["attributeStorage"] = some ? "compact" : "none";
    if (info === undefined || info.attributeStorage === attributeStorage || info.attributeStorage === "dense") return;
    this.info = { ...info, attributeStorage };
  }
}
