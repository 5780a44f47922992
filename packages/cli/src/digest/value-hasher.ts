/** The checksum of canonical bytes as they come, and the bytes themselves while they are few. */
import { createHash, type Hash } from "node:crypto";
import type { ValueDigest } from "./schema.ts";

/** Bytes up to which they are given whole, beside their checksum. */
const HEX = 256;

export class ValueHasher {
  private readonly hash: Hash = createHash("sha256");
  private readonly first: Uint8Array = new Uint8Array(HEX);
  private length = 0;

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
    if (this.length < HEX) this.first.set(bytes.subarray(0, HEX - this.length), this.length);
    this.length += bytes.length;
  }

  result(): ValueDigest {
    const digest: ValueDigest = { sha256: this.hash.digest("hex"), nbytes: this.length };
    if (this.length <= HEX) digest.hex = Buffer.from(this.first.subarray(0, this.length)).toString("hex");
    return digest;
  }
}
