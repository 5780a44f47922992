/** A file that exists only as values, for tests of the object model. Each question costs one access to its storage. */
import { asAddress } from "../../src/bytes/address.ts";
import type {
  AnyObjectInfo,
  AttributeInfo,
  ChunkInfo,
  DatasetInfo,
  LinkInfo,
  LinkTarget,
  Located,
  ObjectInfo,
  Reader,
  VirtualMapping,
} from "../../src/contract.ts";
import type { Selection } from "../../src/data/selection/selection.ts";
import type { Sink } from "../../src/data/sink.ts";
import type { Datatype } from "../../src/format/datatype/datatype.ts";
import { perform, read, type Steps } from "../../src/steps/steps.ts";
import { FakeStorage } from "./fake-storage.ts";
import { elementsOf } from "./selected.ts";

/** Bytes that a dataset has at most, whatever its extent. */
const DATA = 2 ** 20;

type Address = ObjectInfo["address"];

interface Entry {
  info: AnyObjectInfo;
  readonly links: Map<string, LinkInfo>;
  readonly attributes: Map<string, AttributeInfo>;
  /** Elements of a dataset, in the file's encoding. */
  data: Uint8Array;
  chunks: ChunkInfo[];
  mappings: VirtualMapping[];
  /** Thrown when the object is asked for. */
  broken?: Error;
}

export class FakeReader implements Reader {
  readonly info: Reader["info"];
  readonly storage: FakeStorage;
  /** Files that external links find, by name. */
  readonly others: Map<string, FakeReader> = new Map();
  /** Objects whose cached knowledge was given up. */
  readonly refreshed: Address[] = [];
  private readonly entries = new Map<number, Entry>();

  constructor(label = "fake.h5") {
    this.storage = new FakeStorage(label);
    const sizes = { offsets: 8, lengths: 8 } as const;
    const root = asAddress(0);
    this.info = { label, superblockVersion: 2, userblockSize: 0, sizes, root, endOfFile: 0, consistencyFlags: 0 };
    this.make((common) => ({ ...common, kind: "group", storage: "compact", linkOrder: order(false) }));
  }

  addGroup(path: string, tracked = false): Address {
    return this.add(path, (common) => ({ ...common, kind: "group", storage: "dense", linkOrder: order(tracked) }));
  }

  addDataset(path: string, datatype: Datatype, dims: readonly number[], more: Partial<DatasetInfo> = {}): Entry {
    const address = this.add(path, (common) => ({
      ...common,
      kind: "dataset",
      datatype,
      dataspace: { kind: dims.length === 0 ? "scalar" : "simple", dims, maxDims: dims },
      layout: { class: "contiguous", address: null, size: null },
      pipeline: { filters: [] },
      fill: { defined: "default", allocTime: "late", writeTime: "ifset" },
      external: [],
      ...more,
    }));
    const entry = this.entry(address);
    entry.data = new Uint8Array(
      Math.min(
        DATA,
        dims.reduce((product, dim) => product * dim, datatype.size),
      ),
    );
    return entry;
  }

  addDatatype(path: string, datatype: Datatype): Address {
    return this.add(path, (common) => ({ ...common, kind: "datatype", datatype }));
  }

  addUnknown(path: string): Address {
    return this.add(path, (common) => ({ ...common, kind: "unknown" }));
  }

  addLink(path: string, target: LinkTarget): void {
    const { links } = this.at(path.slice(0, path.lastIndexOf("/")));
    const name = path.slice(path.lastIndexOf("/") + 1);
    links.set(name, { ...target, name, charset: "utf8", creationOrder: links.size });
  }

  addAttribute(path: string, attribute: Omit<AttributeInfo, "charset">): void {
    this.at(path).attributes.set(attribute.name, { charset: "utf8", ...attribute });
  }

  /** What stands at a path of hard links. */
  at(path: string): Entry {
    let entry = this.entry(this.info.root);
    for (const name of path.split("/").filter(Boolean)) {
      const link = entry.links.get(name);
      if (link?.type !== "hard") throw new Error(`no object at ${path}`);
      entry = this.entry(link.address);
    }
    return entry;
  }

  *object(address: Address): Steps<AnyObjectInfo> {
    yield* this.access(address, 1);
    const { broken, info } = this.entry(address);
    if (broken !== undefined) throw broken;
    return info;
  }

  *link(group: Address, name: string): Steps<LinkInfo | undefined> {
    yield* this.access(group, 2);
    return this.entry(group).links.get(name);
  }

  *links(group: Address, by: "name" | "creation"): Steps<LinkInfo[]> {
    yield* this.access(group, 3);
    return ordered(this.entry(group).links, by);
  }

  *linkCount(group: Address): Steps<number> {
    yield* this.access(group, 4);
    return this.entry(group).links.size;
  }

  *resolve(from: Address, path: string): Steps<Located | undefined> {
    let located: Located = { reader: this, address: path.startsWith("/") ? this.info.root : from };
    for (const name of path.split("/").filter(Boolean)) {
      const { reader, address } = located;
      const link = yield* reader.link(address, name);
      const next: Located | undefined = link && (yield* reader.follow(address, link));
      if (next === undefined) return undefined;
      located = next;
    }
    return located;
  }

  *follow(group: Address, link: LinkInfo): Steps<Located | undefined> {
    if (link.type === "hard") return { reader: this, address: link.address };
    if (link.type === "soft") return yield* this.resolve(group, link.target);
    if (link.type === "user") return undefined;
    const other = this.others.get(link.file);
    return other && (yield* other.resolve(other.info.root, link.target));
  }

  *attribute(object: Address, name: string): Steps<AttributeInfo | undefined> {
    yield* this.access(object, 5);
    return this.entry(object).attributes.get(name);
  }

  *attributes(object: Address, by: "name" | "creation"): Steps<AttributeInfo[]> {
    yield* this.access(object, 6);
    return ordered(this.entry(object).attributes, by);
  }

  *attributeCount(object: Address): Steps<number> {
    yield* this.access(object, 7);
    return this.entry(object).attributes.size;
  }

  *read(dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
    yield* this.access(dataset.address, 8);
    const { data } = this.entry(dataset.address);
    elementsOf(selection, dataset.dataspace.dims).forEach((element, i) => {
      sink.put(data, element * sink.elementSize, sink.elementSize, i, 1);
    });
    yield* this.complete(sink);
  }

  shared(): undefined {}

  /** Has no heap. */
  *complete(sink: Sink): Steps<void> {
    if (sink.finish() !== undefined) throw new Error("the fake file has no heap objects");
  }

  *chunks(dataset: DatasetInfo): Steps<ChunkInfo[]> {
    yield* this.access(dataset.address, 9);
    return this.entry(dataset.address).chunks;
  }

  *chunk(dataset: DatasetInfo, offset: readonly number[]): Steps<ChunkInfo | undefined> {
    return (yield* this.chunks(dataset)).find((chunk) => chunk.offset.join() === offset.join());
  }

  *storedChunk(_dataset: DatasetInfo, chunk: ChunkInfo): Steps<Uint8Array> {
    const [bytes] = yield* read(this.storage, [{ at: chunk.address, length: chunk.size }]);
    return bytes as Uint8Array;
  }

  *storageSize(dataset: DatasetInfo): Steps<number> {
    yield* this.access(dataset.address, 10);
    return this.entry(dataset.address).data.length;
  }

  *virtualMappings(dataset: DatasetInfo): Steps<VirtualMapping[]> {
    yield* this.access(dataset.address, 11);
    return this.entry(dataset.address).mappings;
  }

  *refresh(object: Address): Steps<void> {
    this.refreshed.push(object);
  }

  *close(): Steps<void> {
    yield* perform(
      () => this.storage.closeSync(),
      () => this.storage.close(),
    );
  }

  private entry(address: Address): Entry {
    const entry = this.entries.get(address);
    if (entry === undefined) throw new Error(`no object at ${address}`);
    return entry;
  }

  private add(path: string, info: (common: Omit<ObjectInfo, "kind">) => AnyObjectInfo): Address {
    const address = this.make(info);
    this.addLink(path, { type: "hard", address });
    return address;
  }

  private make(info: (common: Omit<ObjectInfo, "kind">) => AnyObjectInfo): Address {
    const address = asAddress(this.entries.size * 100);
    const common = { address, headerVersion: 2, referenceCount: 1, attributeOrder: order(false) } as const;
    const made = info({ ...common, attributeStorage: "compact" });
    const data = new Uint8Array(0);
    this.entries.set(address, { info: made, links: new Map(), attributes: new Map(), data, chunks: [], mappings: [] });
    return address;
  }

  /** One access, to another place for each question about each object. */
  private *access(object: Address, question: number): Steps<void> {
    yield* read(this.storage, [{ at: object + question, length: 1 }]);
  }
}

const order = (tracked: boolean): { tracked: boolean; indexed: boolean } => ({ tracked, indexed: tracked });

/** Values of a map by the bytes of their names, or as they were added. */
function ordered<T>(values: ReadonlyMap<string, T>, by: "name" | "creation"): T[] {
  const entries = [...values];
  if (by === "name") entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return entries.map(([, value]) => value);
}
