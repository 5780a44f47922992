import { describe, expect, it } from "vitest";
import { EditedAttributes } from "../../../test/support/attributes.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import type { Address } from "../../bytes/address.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { FIRST_UNKNOWN_TYPE, MessageFlag } from "../../format/messages/message-type.ts";
import { runSync } from "../../steps/run-sync.ts";
import { EditedHeader } from "./edited-header.ts";

const UNKNOWN = FIRST_UNKNOWN_TYPE + 3;
const DATA = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A file with an object that has a message of a type to come. */
function withUnknown(
  low: "earliest" | "v110",
  flags: number,
): { readonly edited: EditedFile; readonly object: Address } {
  const made = EditedFile.made(low);
  const object = made.create("d", newDataset([2]));
  const header = runSync(EditedHeader.load(made.file, object));
  header.add(UNKNOWN, DATA, flags);
  header.apply();
  made.commit();
  return { edited: made.reopened(), object };
}

function unknown(edited: EditedFile, object: Address): unknown {
  const message = runSync(objectHeader(edited.file, object)).find(UNKNOWN);
  return message && { flags: message.flags, data: [...message.data] };
}

describe.each(["earliest", "v110"] as const)("messages that are not known, in files of %s", (low) => {
  it.each([
    ["are kept as they are", 0, 0],
    ["are marked where they ask for it", MessageFlag.markIfUnknown, MessageFlag.markIfUnknown | MessageFlag.wasUnknown],
    [
      "are not marked twice",
      MessageFlag.markIfUnknown | MessageFlag.wasUnknown,
      MessageFlag.markIfUnknown | MessageFlag.wasUnknown,
    ],
  ])("%s when the object is changed", (_, before, after) => {
    const { edited, object } = withUnknown(low, before);
    expect(unknown(edited, object)).toEqual({ flags: before, data: [...DATA] });
    new EditedAttributes(edited, object).set("a", 1);
    edited.commit();
    expect(unknown(edited.reopened(), object)).toEqual({ flags: after, data: [...DATA] });
  });

  it("do not let the object be changed where they forbid it; others may be", () => {
    const { edited, object } = withUnknown(low, MessageFlag.failIfUnknownOnWrite);
    const before = edited.commit().slice();
    const { editor } = edited;
    const { root } = edited.file.info;
    for (const change of [
      () => new EditedAttributes(edited, object).set("a", 1),
      () => runSync(editor.link(root, { type: "hard", name: "again", charset: "ascii", address: object })),
      () => runSync(editor.unlink(root, "d")),
    ])
      expect(change).toThrow(expect.objectContaining({ name: "UnsupportedError" }) as Error);
    expect(edited.commit()).toEqual(before);
    new EditedAttributes(edited).set("a", 1);
    runSync(editor.moveLink(root, "d", root, "e"));
    edited.commit();
    expect(edited.reopened().addressOf("e")).toBe(object);
  });
});
