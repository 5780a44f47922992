import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultFilters } from "@h5ts/filters";
import { describe, expect, it } from "vitest";
import type { Address } from "../src/bytes/address.ts";
import { compareText } from "../src/bytes/text.ts";
import type { AttributeInfo, LinkInfo, Located } from "../src/contract.ts";
import { type FileReader, openReader } from "../src/engine/file-reader.ts";
import { isH5Error } from "../src/errors.ts";
import type { LinkPolicy } from "../src/steps/link-policy.ts";
import { runAsync } from "../src/steps/run-async.ts";
import { runSync } from "../src/steps/run-sync.ts";
import type { Steps } from "../src/steps/steps.ts";
import { MemoryStorage } from "../src/storage/memory.ts";

/** As `make_metadata.py` writes it beside each file. */
interface Expected {
  readonly userblock: number;
  readonly objects: readonly ExpectedObject[];
}

interface ExpectedObject {
  readonly path: string;
  readonly kind: string;
  readonly address: number;
  readonly referenceCount: number;
  readonly comment?: string;
  readonly shape?: readonly number[];
  readonly attributes: readonly ExpectedAttribute[];
  readonly links?: readonly ExpectedLink[];
}

interface ExpectedAttribute {
  readonly name: string;
  readonly charset: string;
  readonly creationOrder?: number;
  readonly shape: readonly number[] | null;
  readonly committed: boolean;
  readonly data?: string | { readonly bytes: number; readonly sum: number };
}

interface ExpectedLink {
  readonly name: string;
  readonly type: string;
  readonly target?: number | string;
  readonly file?: string;
  readonly creationOrder?: number;
}

const FOLDER = join(import.meta.dirname, "fixtures/metadata");
const bytesOf = (name: string): Uint8Array => readFileSync(join(FOLDER, name));
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

/** Other files of the folder, by their names. */
const FOLDER_LINKS: LinkPolicy = {
  *storage(name) {
    const there = readdirSync(FOLDER).includes(name);
    return there ? new MemoryStorage(bytesOf(name), name) : undefined;
  },
  within: () => FOLDER_LINKS,
};

function* open(name: string): Steps<FileReader> {
  return yield* openReader(new MemoryStorage(bytesOf(name), name), { filters: defaultFilters, links: FOLDER_LINKS });
}

function plainLink(link: LinkInfo, tracked: boolean): ExpectedLink {
  const order = tracked ? { creationOrder: link.creationOrder } : {};
  if (link.type === "hard") return { name: link.name, type: "hard", ...order, target: link.address };
  if (link.type === "soft") return { name: link.name, type: "soft", ...order, target: link.target };
  if (link.type === "user") return { name: link.name, type: "user", ...order };
  return { name: link.name, type: "external", ...order, target: link.target, file: link.file };
}

function plainData(data: Uint8Array): ExpectedAttribute["data"] {
  if (data.length <= 64) return Buffer.from(data).toString("hex");
  return { bytes: data.length, sum: data.reduce((sum, byte) => sum + byte, 0) };
}

function same(found: AttributeInfo, expected: ExpectedAttribute, tracked: boolean): void {
  const { dataspace } = found;
  expect(found.name).toBe(expected.name);
  expect(found.charset).toBe(expected.charset);
  expect(dataspace.kind === "null" ? null : dataspace.dims).toEqual(expected.shape);
  expect(found.committed !== undefined).toBe(expected.committed);
  if (expected.data !== undefined) expect(plainData(found.data)).toEqual(expected.data);
  if (tracked) expect(found.creationOrder).toBe(expected.creationOrder);
}

/** Compares one object, through every method that leads to what it has. */
function* compare(reader: FileReader, expected: ExpectedObject): Steps<void> {
  const located = (yield* reader.resolve(reader.info.root, expected.path)) as Located;
  expect(located.address).toBe(expected.address);
  const address = located.address;
  const info = yield* reader.object(address);
  expect(info).toMatchObject({ kind: expected.kind, address, referenceCount: expected.referenceCount });
  expect(info.comment).toBe(expected.comment);
  if (info.kind === "dataset") expect(info.dataspace.dims).toEqual(expected.shape);
  yield* compareAttributes(reader, address, expected.attributes, info.attributeOrder.tracked);
  if (info.kind === "group") yield* compareLinks(reader, address, expected.links ?? [], info.linkOrder.tracked);
}

function* compareAttributes(
  reader: FileReader,
  address: Address,
  expected: readonly ExpectedAttribute[],
  tracked: boolean,
): Steps<void> {
  const sorted = expected.toSorted((a, b) => compareText(a.name, b.name));
  const found = yield* reader.attributes(address, "name");
  expect(found.map(({ name }) => name)).toEqual(sorted.map(({ name }) => name));
  for (const [i, one] of sorted.entries()) {
    same(found[i], one, tracked);
    same((yield* reader.attribute(address, one.name)) as AttributeInfo, one, tracked);
  }
  expect(yield* reader.attributeCount(address)).toBe(expected.length);
  expect(yield* reader.attribute(address, "no such attribute")).toBe(undefined);
  const created = (yield* reader.attributes(address, "creation")).map(({ name }) => name);
  const byOrder = expected.toSorted((a, b) => a.creationOrder! - b.creationOrder!);
  expect(created).toEqual((tracked ? byOrder : sorted).map(({ name }) => name));
}

function* compareLinks(
  reader: FileReader,
  address: Address,
  expected: readonly ExpectedLink[],
  tracked: boolean,
): Steps<void> {
  const sorted = expected.toSorted((a, b) => compareText(a.name, b.name));
  const found = yield* reader.links(address, "name");
  expect(found.map((link) => plainLink(link, tracked))).toEqual(sorted);
  for (const [i, { name }] of sorted.entries()) expect(yield* reader.link(address, name)).toEqual(found[i]);
  expect(yield* reader.linkCount(address)).toBe(expected.length);
  for (const absent of ["no such link", "", "\0", "zzzz"]) expect(yield* reader.link(address, absent)).toBe(undefined);
  const created = (yield* reader.links(address, "creation")).map(({ name }) => name);
  const byOrder = expected.toSorted((a, b) => a.creationOrder! - b.creationOrder!);
  expect(created).toEqual((tracked ? byOrder : sorted).map(({ name }) => name));
}

function* compareAll(name: string): Steps<void> {
  const expected: Expected = JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
  const reader = yield* open(name.replace(".json", ".h5"));
  expect(reader.info.userblockSize).toBe(expected.userblock);
  for (const object of expected.objects) yield* compare(reader, object);
  yield* reader.close();
}

describe("metadata of fixtures is what libhdf5 reads", () => {
  it.each(files)("%s, synchronously", (name) => runSync(compareAll(name)));
  it.each(files)("%s, asynchronously", (name) => runAsync(compareAll(name)));

  it("cache_image.h5, whose metadata stands in the cache image alone", () => {
    const reader = runSync(open("cache_image.h5"));
    const links = runSync(reader.links(reader.info.root, "name"));
    expect(links.length).toBe(12);
    for (const link of links) {
      if (link.type !== "hard") expect.unreachable();
      const number = runSync(reader.attribute(link.address, "number"));
      expect(`group ${number?.data[0]}`).toBe(link.name);
    }
    // The header of the root group was never written to its own place.
    const stale = bytesOf("cache_image.h5").subarray(reader.info.root, reader.info.root + 4);
    expect(Buffer.from(stale).toString("latin1")).not.toBe("OHDR");
  });
});

describe("paths", () => {
  const reader = runSync(open("links_earliest.h5"));
  const { root } = reader.info;
  const resolve = (path: string, from: Address = root): Located | undefined => runSync(reader.resolve(from, path));
  const addressOf = (path: string): Address => resolve(path)!.address;

  it.each<[string, string]>([
    ["/", "/"],
    [".", "/"],
    ["///odd//café/", "/odd/café"],
    ["./odd/././café/.", "/odd/café"],
    ["odd/self/self/self", "/odd"],
    ["odd/dots", "/odd/café"],
    ["odd/up", "/many"],
    ["/odd/..", "/odd/.."],
    ["odd/__proto__", "/odd/__proto__"],
  ])("%s leads to %s", (path, same_) => {
    const expected: Expected = JSON.parse(readFileSync(join(FOLDER, "links_earliest.json"), "utf8"));
    expect(resolve(path)?.address).toBe(expected.objects.find((object) => object.path === same_)!.address);
  });

  it.each(["", "nowhere", "odd/dangling", "many/link 00", "odd/gone", "odd/café/x", "odd/other/nowhere"])(
    "%j leads nowhere",
    (path) => expect(resolve(path)).toBe(undefined),
  );

  it("count from the group in which a soft link stands, and from the root after a slash", () => {
    const odd = addressOf("odd");
    expect(resolve("self", odd)?.address).toBe(odd);
    expect(resolve("/many", odd)?.address).toBe(addressOf("many"));
    const dots = runSync(reader.link(odd, "dots"))!;
    expect(runSync(reader.follow(odd, dots))?.address).toBe(addressOf("odd/café"));
  });

  it("end in an error that names the option where soft links lead round in circles", () => {
    try {
      resolve("odd/loop");
      expect.unreachable();
    } catch (error) {
      expect(isH5Error(error, "LimitError") && error.message).toMatch(/limits\.softLinks/);
    }
  });

  it("go on in other files, which are opened once", () => {
    const other = resolve("odd/other")!;
    expect(other.reader).not.toBe(reader);
    expect(other.reader.info.label).toBe("links_latest.h5");
    expect(resolve("odd/other/café")?.reader).toBe(other.reader);
  });

  it("end after as many external links as the option allows", () => {
    // Every step of the path goes through a link into the same file, opened once more.
    const deep = `odd/other${"/other".repeat(8)}`;
    expect(() => resolve(deep)).toThrow(/limits\.externalLinks/);
    expect(resolve(`odd/other${"/other".repeat(7)}`)?.reader.info.label).toBe("links_latest.h5");
  });

  it("end in an error where a link is of a kind that only its author knows", () => {
    const link: LinkInfo = { type: "user", name: "mine", charset: "ascii", code: 187, data: new Uint8Array(0) };
    expect(() => runSync(reader.follow(root, link))).toThrow(/user-defined.*187/);
  });
});
