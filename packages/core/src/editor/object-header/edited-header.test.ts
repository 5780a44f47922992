import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import { openReader } from "../../engine/file-reader.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { openForEditing } from "../open-editor.ts";
import { EditedHeader } from "./edited-header.ts";

const comment = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

describe.each(["earliest", "latest"] as const)("object headers of %s files", (libver) => {
  const original = (): Uint8Array =>
    h5wasmFile(libver, (f) => {
      f.create_dataset({ name: "x", data: [1, 2, 3], dtype: "<i4" });
      for (let i = 0; i < 3; i++) f.create_attribute(`a${i}`, i);
    });

  it("take and lose any number of messages, whatever their lengths, and keep the others", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ remove: fc.boolean(), length: fc.nat(700), pick: fc.nat() }), { maxLength: 60 }),
        (operations) => {
          const storage = new MemoryStorage(original());
          const { file, commit } = runSync(openForEditing(storage, editingOptions()));
          const added: Uint8Array[] = [];
          const kept = runSync(EditedHeader.load(file, file.info.root)).messages.map(({ type, data }) => [
            type,
            [...data],
          ]);
          for (const { remove, length, pick } of operations) {
            const header = runSync(EditedHeader.load(file, file.info.root));
            const ours = header.messages.filter(({ type }) => type === MessageType.bogus);
            if (remove && ours.length > 0) {
              const message = ours[pick % ours.length];
              added.splice(
                added.findIndex((data) => Buffer.compare(data, message.data.subarray(0, data.length)) === 0),
                1,
              );
              header.remove(message);
            } else {
              const data = comment("x".repeat(length) + pick);
              header.add(MessageType.bogus, data);
              added.push(data);
            }
            header.apply();
            if (pick % 5 === 0) runSync(commit());
          }
          runSync(commit());
          const reader = runSync(openReader(new MemoryStorage(storage.toUint8Array()), editingOptions()));
          const again = runSync(openForEditing(storage, editingOptions())).file;
          const messages = runSync(EditedHeader.load(again, again.info.root)).messages;
          expect(messages.filter(({ type }) => type === MessageType.bogus).length).toBe(added.length);
          expect(
            messages.filter(({ type }) => type !== MessageType.bogus).map(({ type, data }) => [type, [...data]]),
          ).toEqual(expect.arrayContaining(kept));
          expect(runSync(reader.attributes(reader.info.root, "name")).map(({ name }) => name)).toEqual([
            "a0",
            "a1",
            "a2",
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are read by libhdf5 after they were continued, and after the continuation was given back", () => {
    const storage = new MemoryStorage(original());
    const { file, commit } = runSync(openForEditing(storage, editingOptions()));
    const long = runSync(EditedHeader.load(file, file.info.root));
    for (let i = 0; i < 20; i++) long.add(MessageType.objectComment, comment(`comment ${i} `.repeat(40)));
    long.apply();
    const short = runSync(EditedHeader.load(file, file.info.root));
    const comments = short.messages.filter(({ type }) => type === MessageType.objectComment);
    for (const message of comments.slice(1)) short.remove(message);
    short.apply();
    runSync(commit());
    expect(readByLibhdf5(storage.toUint8Array())).toEqual({
      keys: ["x"],
      attributes: ["a0", "a1", "a2"],
      x: [1, 2, 3],
    });
    const last = runSync(EditedHeader.load(file, file.info.root));
    for (const message of last.messages) if (message.type === MessageType.objectComment) last.remove(message);
    last.apply();
    runSync(commit());
    expect(readByLibhdf5(storage.toUint8Array())).toEqual({
      keys: ["x"],
      attributes: ["a0", "a1", "a2"],
      x: [1, 2, 3],
    });
  });
});

const readByLibhdf5 = (bytes: Uint8Array): unknown =>
  byLibhdf5(bytes, (f) => {
    const x = f.get("x") as { value: ArrayLike<number> };
    return { keys: f.keys(), attributes: Object.keys(f.attrs), x: Array.from(x.value) };
  });
