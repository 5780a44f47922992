import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Encoder } from "../../bytes/encoder.ts";
import { type AttributeMessage, attributeMessage, isNamedOtherwise } from "./attribute.ts";

const SIZES = { offsets: 8, lengths: 8 } as const;

function encoded(version: 1 | 2 | 3, name: string): Uint8Array {
  const message: AttributeMessage = {
    version,
    name,
    charset: version === 3 ? "utf8" : "ascii",
    datatypeShared: false,
    datatype: Uint8Array.of(0x10, 0, 0, 0, 1, 0, 0, 0),
    dataspaceShared: false,
    dataspace: Uint8Array.of(2, 0, 0, 0),
    data: Uint8Array.of(7),
  };
  const to = new Encoder(SIZES);
  attributeMessage(to, message);
  return to.finish();
}

describe("the name of an attribute message that is not decoded", () => {
  const names = fc.constantFrom("", "a", "ab", "abc", "b", "unit", "units", "ü", "üb", "aü", "a\u{1f600}");

  it("is told from others, and is never taken for another", () => {
    fc.assert(
      fc.property(fc.constantFrom<(1 | 2 | 3)[]>(1, 2, 3), names, names, (version, own, other) => {
        const bytes = encoded(version, own);
        const otherwise = isNamedOtherwise(other, bytes, 0, bytes.length);
        if (own === other) expect(otherwise).toBe(false);
        // Names beyond ASCII are left to those who decode.
        const plain = [...own, ...other].every((letter) => letter < "\x80");
        if (own !== other && plain) expect(otherwise).toBe(true);
      }),
    );
  });

  it("is not told of a message that is cut short or of another version", () => {
    const bytes = encoded(3, "units");
    for (let length = 0; length < 14; length++) expect(isNamedOtherwise("other", bytes, 0, length)).toBe(false);
    expect(
      isNamedOtherwise(
        "other",
        Uint8Array.from(bytes, (byte, i) => (i === 0 ? 4 : byte)),
        0,
        bytes.length,
      ),
    ).toBe(false);
  });
});
