import { describe, expect, it } from "vitest";
import { everything } from "../../test/support/byte-sink.ts";
import { byLibhdf5 } from "../../test/support/editing.ts";
import { numbersFrom, valuesOf } from "../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../test/support/new-datasets.ts";
import { checked } from "../../test/support/sound.ts";
import { type Address, DEFAULT_SIZES } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import { sizeOf } from "../bytes/sizer.ts";
import { objectHeader } from "../engine/object-header.ts";
import { cacheImageMessage } from "../format/messages/cache-image.ts";
import { MessageFlag, MessageType } from "../format/messages/message-type.ts";
import { type CacheImage, cacheImage } from "../format/superblock/cache-image.ts";
import { readSuperblock, type Superblock } from "../format/superblock/superblock.ts";
import { runSync } from "../steps/run-sync.ts";
import { encodedSuperblock } from "./editing.ts";
import { createExtensionWith } from "./superblock-extension.ts";

/** The reference library's number of object headers. */
const OBJECT_HEADER_ENTRY = 7;
const N = 100;

/** A file whose dataset has its header in a metadata cache image, and nothing at its address. */
function withImage(): { readonly edited: EditedFile; readonly dataset: Address; readonly header: Uint8Array } {
  const edited = EditedFile.made("v110");
  const { file } = edited;
  const dataset = edited.create("a", newDataset([N]));
  edited.write(dataset, everything([N]), numbersFrom(0, N));
  const { length } = runSync(objectHeader(file, dataset)).first;
  const header = edited.commit().slice(dataset, dataset + length);
  const image: CacheImage = {
    entries: [
      {
        type: OBJECT_HEADER_ENTRY,
        flags: 1,
        ring: 1,
        age: 0,
        children: 0,
        dirtyChildren: 0,
        rank: 0,
        address: dataset,
        parents: [],
        image: header,
      },
    ],
  };
  const bytes = sizeOf((f, v?: CacheImage) => cacheImage(f, v, 0), image);
  const block = new Encoder();
  cacheImage(block, image, bytes);
  const at = file.allocator.allocate(bytes, "metadata");
  runSync(file.raw.write(at, block.finish()));
  const data = new Encoder();
  cacheImageMessage(data, { address: at, length: bytes });
  const message = { type: MessageType.cacheImage, flags: MessageFlag.mustNotShare, data: data.finish() };
  const extension = runSync(createExtensionWith(file, [message]));
  const superblock = { ...readSuperblock(edited.commit(), 0, DEFAULT_SIZES), extension } as Superblock;
  edited.storage.writeSync([
    { at: 0, bytes: encodedSuperblock(superblock, DEFAULT_SIZES) },
    { at: dataset, bytes: new Uint8Array(length) },
  ]);
  return { edited: edited.reopened(), dataset, header };
}

describe("a metadata cache image", () => {
  it("is read by libhdf5, and stays as it is where nothing is changed", () => {
    const { edited } = withImage();
    const before = edited.storage.toUint8Array().slice();
    expect(byLibhdf5(before, valuesOf("a"))).toEqual(Array.from({ length: N }, (_, i) => i));
    expect(edited.read(edited.addressOf("a"))).toEqual(numbersFrom(0, N));
    expect(edited.commit()).toEqual(before);
  });

  it("is dissolved by the first commit: what it held stands in the file, and its space is free", () => {
    const { edited, dataset, header } = withImage();
    edited.write(edited.create("b", newDataset([N])), everything([N]), numbersFrom(5, N));
    const after = edited.commit();
    expect(after.slice(dataset, dataset + header.length)).toEqual(header);
    expect(byLibhdf5(after, valuesOf("a"))).toEqual(Array.from({ length: N }, (_, i) => i));
    expect(byLibhdf5(after, valuesOf("b"))).toEqual(Array.from({ length: N }, (_, i) => 5 + i));
    const { faults, extents } = checked(after);
    expect(faults).toEqual([]);
    expect(extents.map(({ structure }) => structure)).not.toContain("Metadata cache image");
  });

  it("may be changed before it is dissolved", () => {
    const { edited, dataset } = withImage();
    edited.write(dataset, everything([N]), numbersFrom(50, N));
    edited.link("again", dataset);
    const after = edited.commit();
    for (const name of ["a", "again"])
      expect(byLibhdf5(after, valuesOf(name))).toEqual(Array.from({ length: N }, (_, i) => 50 + i));
    expect(edited.reopened().read(dataset)).toEqual(numbersFrom(50, N));
  });
});
