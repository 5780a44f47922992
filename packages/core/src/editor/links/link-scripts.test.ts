import { describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile, type Libhdf5File } from "../../../test/support/editing.ts";
import { isNode, LinkModel, type Node, type Target } from "../../../test/support/link-model.ts";
import { integer, newDataset } from "../../../test/support/new-datasets.ts";
import { checked } from "../../../test/support/sound.ts";
import type { Address } from "../../bytes/address.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { compareText, encodeText } from "../../bytes/text.ts";
import type { LinkTarget, NewLink } from "../../contract.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { createForEditing } from "../create-file.ts";
import type { StructureVersion } from "../editor-file.ts";
import { type Editing, editing } from "../file-editor.ts";
import { FreeExtents } from "../free-extents.ts";
import { type EditorOptions, openForEditing } from "../open-editor.ts";

const SCRIPTS = process.env.H5TS_SCALE === "1" ? 100 : 25;
const OPERATIONS = 80;
const NOT_TRACKED = { tracked: false, indexed: false };
const PLAIN = { attributeOrder: NOT_TRACKED, trackTimes: false };

/** Numbers below a bound, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Another number for each script. */
const hash = (text: string): number => lookup3(encodeText(text));

/** A file that is edited by a script of random changes, beside the model of what it should hold. */
class Script {
  private storage: MemoryStorage;
  private readonly options: EditorOptions;
  private faces!: Editing;
  private readonly model: LinkModel;
  private readonly next: (below: number) => number;
  /** Bytes in use before anything was made. */
  private before: number;
  /** What libhdf5 left unused, and what was free before the file was opened anew, nobody knows. */
  private spaceIsKnown: boolean;

  constructor(seed: number, low: StructureVersion, begun: Uint8Array | undefined) {
    this.next = random(hash(`${seed} ${low} ${begun?.length}`));
    this.options = editingOptions({ bounds: { low, high: "v200" } });
    this.storage = new MemoryStorage(begun?.slice() ?? new Uint8Array(0));
    this.spaceIsKnown = begun === undefined;
    const opened = begun === undefined ? createForEditing : openForEditing;
    this.faces = editing(runSync(opened(this.storage, this.options)), this.options);
    // The root group has made room for its only link by then.
    const first = this.newGroup();
    this.add(this.faces.reader.info.root, "top", { type: "hard", address: first });
    runSync(this.editor.unlink(this.faces.reader.info.root, "top"));
    this.commit();
    this.before = this.used;
    const top = this.newGroup();
    this.add(this.faces.reader.info.root, "top", { type: "hard", address: top });
    this.model = new LinkModel(top);
  }

  private get editor(): Editing["editor"] {
    return this.faces.editor;
  }

  get used(): number {
    const { allocator } = this.editor.file;
    const free = Object.values(allocator.freeSpace()).flat();
    return allocator.end - free.reduce((sum, { size }) => sum + size, 0);
  }

  commit(): void {
    runSync(this.editor.commit());
  }

  run(): void {
    for (let i = 0; i < OPERATIONS; i++) {
      const kind = this.next(20);
      if (kind < 4) this.create();
      else if (kind < 8) this.addLink();
      else if (kind === 8) this.addMany();
      else if (kind < 14) this.remove();
      else if (kind < 18) this.move();
      else if (kind === 18) this.commit();
      else if (this.next(4) === 0) this.reopen();
    }
  }

  /** Libhdf5 and our own reader find what the model has. */
  check(): void {
    this.commit();
    const paths = this.model.reachable();
    const { reader } = this.faces;
    for (const node of paths.keys()) {
      const info = runSync(reader.object(node.address));
      expect([info.kind, info.referenceCount]).toEqual([node.kind, node.count]);
      if (node.kind !== "group") continue;
      const listed = runSync(reader.links(node.address, "creation")).map(({ name }) => name);
      const tracked = info.kind === "group" && info.linkOrder.tracked;
      const names = [...node.links.keys()];
      expect(listed).toEqual(tracked ? names : names.sort(compareText));
    }
    const bytes = this.storage.toUint8Array();
    this.checkSpace(bytes);
    byLibhdf5(bytes, (f) => {
      for (const [node, path] of paths) this.compare(f, node, path);
    });
  }

  /** What is in use and what is free is all of the file. */
  private checkSpace(bytes: Uint8Array): void {
    const { faults, leaks } = checked(bytes);
    expect(faults).toEqual([]);
    if (!this.spaceIsKnown) return;
    const { allocator } = this.editor.file;
    const free = new FreeExtents();
    for (const extents of Object.values(allocator.freeSpace())) for (const { at, size } of extents) free.add(at, size);
    expect(leaks).toEqual([...free.extents()].map(({ at, size }) => ({ address: at, length: size })));
  }

  private compare(f: Libhdf5File, node: Node, path: string): void {
    const found = f.get(path) as unknown as { type: string; shape?: number[]; keys?(): string[] };
    expect(found?.type.toLowerCase()).toBe(node.kind);
    if (node.kind === "dataset") expect(found.shape).toEqual([node.id]);
    if (node.kind !== "group") return;
    expect(found.keys!().sort(compareText)).toEqual([...node.links.keys()].sort(compareText));
    let looked = 0;
    for (const [name, target] of node.links) {
      if (looked++ > 40) break;
      if (target.kind === "soft") expect(f.get_link(`${path}/${name}`)).toBe(target.target);
      else if (target.kind === "external")
        expect(f.get_external_link(`${path}/${name}`)).toEqual({ filename: "other.h5", obj_path: target.target });
      else if (target.kind === "dataset")
        expect((f.get(`${path}/${name}`) as unknown as { shape: number[] }).shape).toEqual([(target as Node).id]);
    }
  }

  /** When all is deleted, nothing is left in use that was not before. */
  finish(recursively: boolean): void {
    const { root } = this.faces.reader.info;
    if (!recursively) {
      for (const group of this.model.reachable().keys()) {
        for (const name of [...group.links.keys()]) if (group.count > 0) this.unlink(group, name);
      }
      expect(this.model.top.links.size).toBe(0);
    } else this.breakCycles();
    const left = [...this.model.reachable().keys()].map(({ address }) => address);
    expect([...runSync(this.editor.unlink(root, "top"))].sort()).toEqual(left.sort());
    this.commit();
    expect(byLibhdf5(this.storage.toUint8Array(), (f) => f.get("top"))).toBeNull();
    expect(this.used).toBe(this.before);
  }

  /** Groups that lead back to a group on the way would keep each other. */
  private breakCycles(): void {
    const done = new Set<Node>();
    for (const group of this.model.reachable().keys()) {
      if (group.count === 0) continue;
      done.add(group);
      for (const [name, target] of [...group.links])
        if (isNode(target) && done.has(target) && target.kind === "group") this.unlink(group, name);
    }
  }

  private reopen(): void {
    this.commit();
    const { used } = this;
    this.storage = new MemoryStorage(this.storage.toUint8Array().slice());
    this.faces = editing(runSync(openForEditing(this.storage, this.options)), this.options);
    // What was free is not known any more.
    this.spaceIsKnown = false;
    this.before += this.used - used;
  }

  private newGroup(): Address {
    const tracked = this.next(4) === 0;
    return runSync(
      this.editor.createGroup({ ...PLAIN, linkOrder: { tracked, indexed: tracked && this.next(2) === 0 } }),
    );
  }

  private create(): void {
    const group = this.group();
    const name = this.newName(group);
    if (name === undefined) return;
    const kind = (["group", "group", "dataset", "datatype"] as const)[this.next(4)];
    const node = this.model.node(kind, 0 as Address);
    this.put(group, name, { ...node, address: this.made(node) });
  }

  private made({ kind, id }: Node): Address {
    const { editor } = this;
    if (kind === "group") return this.newGroup();
    if (kind === "datatype") return runSync(editor.createDatatype(integer(8), PLAIN));
    const allocTime = this.next(2) === 0 ? "early" : "late";
    return runSync(editor.createDataset(newDataset([id], { fill: { ...newDataset([]).fill, allocTime } })));
  }

  private addLink(): void {
    const group = this.group();
    const name = this.newName(group);
    if (name === undefined) return;
    const kind = this.next(6);
    if (kind === 0) this.put(group, name, { kind: "soft", target: `/top/${name}`.slice(0, 300) });
    else if (kind === 1) this.put(group, name, { kind: "external", target: `/${name}` });
    else if (kind === 2) this.put(group, name, { kind: "user" });
    else this.put(group, name, this.any());
  }

  /** Up to a thousand links at once. */
  private addMany(): void {
    if (this.next(3) > 0) return;
    const group = this.group();
    const target = this.any();
    const count = this.next(1000);
    for (let i = 0; i < count; i++) {
      const name = `one of many ${(i * 7919) % 1009}`;
      if (!group.links.has(name)) this.put(group, name, i % 3 === 0 ? { kind: "soft", target: "/x" } : target);
    }
  }

  private remove(): void {
    const group = this.group();
    const names = [...group.links.keys()];
    if (names.length === 0) return;
    const count = this.next(8) === 0 ? this.next(names.length) : 1;
    for (let i = 0; i < count; i++) {
      const name = names[(this.next(names.length) + i) % names.length];
      // A group may go with one of its own links.
      if (group.count === 0 || !group.links.has(name) || this.model.strays({ group, name })) continue;
      this.unlink(group, name);
    }
  }

  private move(): void {
    const from = this.group();
    const names = [...from.links.keys()];
    if (names.length === 0) return;
    const name = names[this.next(names.length)];
    const to = this.group();
    const newName = this.newName(to);
    if (newName === undefined) return;
    this.model.move(from, name, to, newName);
    if (!this.model.reachable().has(to)) {
      this.model.move(to, newName, from, name);
      // Where it stood in the order of creation is lost: so it is in the file, with the move there and back.
      runSync(this.editor.moveLink(from.address, name, to.address, newName));
      runSync(this.editor.moveLink(to.address, newName, from.address, name));
      return;
    }
    runSync(this.editor.moveLink(from.address, name, to.address, newName));
  }

  private group(): Node {
    const groups = [...this.model.reachable().keys()].filter(({ kind }) => kind === "group");
    return groups[this.next(groups.length)];
  }

  private any(): Node {
    const nodes = [...this.model.reachable().keys()];
    return nodes[this.next(nodes.length)];
  }

  private newName(group: Node): string | undefined {
    const n = this.next(30);
    const shape = this.next(12);
    const name =
      shape === 0
        ? `ünï ${n}`
        : shape === 1
          ? `${"long ".repeat(60)}${n}`
          : shape === 2
            ? `${"x".repeat(4200)}${n}`
            : `n${n}`;
    return group.links.has(name) ? undefined : name;
  }

  private put(group: Node, name: string, target: Target): void {
    this.add(group.address, name, targetOf(target));
    this.model.link(group, name, target);
  }

  private add(group: Address, name: string, target: LinkTarget): void {
    const charset = /^[\0-\x7f]*$/.test(name) ? "ascii" : "utf8";
    runSync(this.editor.link(group, { ...target, name, charset } as NewLink));
  }

  private unlink(group: Node, name: string): Node[] {
    const gone = runSync(this.editor.unlink(group.address, name));
    const lost = this.model.unlink(group, name);
    expect([...gone].sort()).toEqual(lost.map(({ address }) => address).sort());
    return lost;
  }
}

function targetOf(target: Target): LinkTarget {
  if (isNode(target)) return { type: "hard", address: target.address };
  if (target.kind === "soft") return { type: "soft", target: target.target };
  if (target.kind === "external") return { type: "external", file: "other.h5", target: target.target, flags: 0 };
  return { type: "user", code: 200, data: new Uint8Array([1, 2, 3]) };
}

const begun = (libver: "earliest" | "latest"): Uint8Array =>
  h5wasmFile(libver, (f) => {
    f.create_group("a group").create_dataset({ name: "m", data: [7], dtype: "<i4" });
  });

describe.each<[string, StructureVersion, Uint8Array | undefined]>([
  ["begun for earliest", "earliest", undefined],
  ["begun for v108", "v108", undefined],
  ["begun for v110", "v110", undefined],
  ["begun by libhdf5 for earliest", "earliest", begun("earliest")],
  ["begun by libhdf5 for latest", "v110", begun("latest")],
])("scripts of changes of links in a file %s", (_, low, bytes) => {
  it.each(Array.from({ length: SCRIPTS / 5 }, (_, i) => i))(
    "hold what they should, and leave nothing behind: %i",
    (seed) => {
      const script = new Script(seed, low, bytes);
      script.run();
      script.check();
      script.run();
      script.check();
      script.finish(seed % 2 === 0);
    },
  );
});
