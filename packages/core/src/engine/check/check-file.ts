/** Checks a whole file: walks every structure, and proves that they fit together and that nothing stands in two places. */
import type { Address } from "../../bytes/address.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { symbolTableMessage } from "../../format/messages/symbol-table.ts";
import { OBJECT_HEADER } from "../../format/object-header/object-header.ts";
import type { Superblock } from "../../format/superblock/superblock.ts";
import { type Steps, size } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { Checker } from "./checker.ts";
import { checkFileSpace } from "./file-space.ts";
import type { Section } from "./free-space.ts";
import { checkGlobalHeaps } from "./global-heaps.ts";
import { type CheckedObject, checkObject } from "./object.ts";
import type { CheckOptions, CheckReport, FileExtent, FreeExtent } from "./report.ts";
import { checkSharedMessages } from "./shared-messages.ts";
import { findOverlaps, gaps, merged } from "./space-map.ts";
import type { FoundLink } from "./symbol-table.ts";

/** Objects between two calls of `progress`. */
const PROGRESS = 64;

/** Errors of the storage are thrown; what is wrong with the file is told in the report. */
export function* checkFile(file: MetadataFile, options: CheckOptions = {}): Steps<CheckReport> {
  const check = new Checker(file, options);
  const own = yield* check.guard(checkFileSpace(check));
  yield* checkObjects(check, own?.superblock);
  check.path = "";
  yield* check.guard(checkSharedMessages(check));
  yield* checkGlobalHeaps(check);
  const length = (yield* size(file.storage)) - file.base;
  return report(check, own?.free ?? [], length);
}

interface Found extends FoundLink {
  readonly path: string;
}

/** All objects that hard links lead to, each once. */
function* checkObjects(check: Checker, superblock: Superblock | undefined): Steps<void> {
  const { root } = check.file.info;
  const queue: Found[] = [{ name: "", target: root, path: "/", ...rootTable(superblock) }];
  const counts = new Map<Address, { readonly path: string; readonly found: number | undefined }>();
  const known = new Set<Address>([root]);
  check.references.link(root);
  for (let next = 0; next < queue.length; next++) {
    const link = queue[next];
    check.path = link.path;
    if (next % PROGRESS === 0) check.options.progress?.(next, queue.length, link.path);
    const object = yield* check.guard(checkObject(check, link.target));
    counts.set(link.target, { path: link.path, found: object?.referenceCount });
    if (object === undefined) continue;
    checkHint(check, link, object);
    for (const one of object.links) {
      check.references.link(one.target);
      if (known.has(one.target)) continue;
      known.add(one.target);
      queue.push({ ...one, path: link.path === "/" ? `/${one.name}` : `${link.path}/${one.name}` });
    }
  }
  for (const [address, { path, found }] of counts) checkReferences(check, address, path, found);
}

function rootTable(superblock: Superblock | undefined): Pick<FoundLink, "table"> {
  if (superblock === undefined || !("rootEntry" in superblock)) return {};
  const { scratch } = superblock.rootEntry;
  return scratch.cacheType === 1 ? { table: scratch } : {};
}

/** A link that remembers its group's symbol table must remember it rightly: libhdf5 goes by it. */
function checkHint(check: Checker, { table, target }: Found, { header }: CheckedObject): void {
  if (table === undefined) return;
  const message = header.find(MessageType.symbolTable);
  const own = message && symbolTableMessage(message.decoder(check.sizes));
  // Where a group was converted, the link remembers what it was: nobody goes by that.
  if (own === undefined || (own.btree === table.btree && own.heap === table.heap)) return;
  check.fault("has another symbol table than the link to it remembers", {
    structure: OBJECT_HEADER.title,
    address: target,
    found: table.btree,
    allowed: String(own.btree),
  });
}

function checkReferences(check: Checker, address: Address, path: string, found: number | undefined): void {
  const { links, uses } = check.references.of(address);
  if (found === undefined || found === links + uses) return;
  check.path = path;
  check.fault("has another reference count than there are links to it", {
    structure: OBJECT_HEADER.title,
    address,
    found,
    allowed: uses === 0 ? String(links) : `${links} links and ${uses} uses of the datatype`,
  });
}

function report(check: Checker, free: readonly Section[], length: number): CheckReport {
  const { file, faults, notes } = check;
  const extents = check.space.extents();
  checkSpace(check, extents, free, length);
  const { endOfFile, consistencyFlags, driver } = file.info;
  // Files in several parts have parts of the address space each, with gaps between them.
  const leaks = driver === undefined ? gaps(merged<FreeExtent>(extents, free), endOfFile) : [];
  if ((consistencyFlags & 5) !== 0) notes.push("the superblock says that the file is open for writing");
  if (length > endOfFile && driver === undefined)
    notes.push(`${length - endOfFile} bytes stand behind the end-of-file address`);
  return {
    label: file.info.label,
    ok: faults.length === 0,
    faults,
    unchecked: check.unchecked,
    notes,
    counts: check.counts,
    extents,
    free: free.map(({ address, length: bytes }) => ({ address, length: bytes })),
    leaks,
    base: file.base,
    endOfFile,
  };
}

/** Nothing overlaps, in use or free, and nothing leaves the file. */
function checkSpace(check: Checker, extents: readonly FileExtent[], free: readonly Section[], length: number): void {
  const { driver, endOfFile } = check.file.info;
  findOverlaps(extents, (earlier, later) => {
    check.path = later.path;
    check.fault("overlaps another structure", {
      structure: later.structure,
      address: later.address,
      found: `${earlier.structure}${earlier.path && ` of ${earlier.path}`} at 0x${earlier.address.toString(16)}, ${earlier.length} bytes`,
    });
  });
  check.path = "";
  const sections = free.map(({ address, length: bytes }) => ({ address, length: bytes, structure: FREE, path: "" }));
  findOverlaps(merged<FileExtent>(extents, sections), (earlier, later) => {
    if (earlier.structure !== FREE && later.structure !== FREE) return;
    const used = earlier.structure === FREE ? later : earlier;
    check.fault("names space that is in use", {
      structure: FREE,
      address: later.address,
      found: `${used.structure}${used.path && ` of ${used.path}`} at 0x${used.address.toString(16)}`,
    });
  });
  const end = driver === undefined ? Math.min(endOfFile, length) : length;
  for (const { address, length: bytes, structure, path } of [...extents, ...sections]) {
    if (address + bytes <= end) continue;
    check.path = path;
    check.fault("runs past the end of the file", {
      structure,
      address,
      found: `${bytes} bytes`,
      allowed: `up to 0x${end.toString(16)}`,
    });
  }
}

const FREE = "Free-space section";
