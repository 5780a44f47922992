/**
 * Persistent free space: at every commit that moves it, new free-space managers are written, and the message of the superblock
 * extension points at them; the old ones are free afterwards. Managers that are not right make the reference library overwrite
 * what is in use: better none than those.
 */
import type { Address } from "../../bytes/address.ts";
import type { FreeSpaceSections } from "../../format/free-space/sections.ts";
import { type FileSpaceInfo, fileSpaceInfoMessage } from "../../format/messages/file-space-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { SpaceKind } from "../allocator.ts";
import type { EditorFile } from "../editor-file.ts";
import type { FreeExtents } from "../free-extents.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import {
  giveManager,
  MANAGER_OF,
  type PlacedManager,
  placeManager,
  putManager,
  sectionsBytes,
  sectionsOf,
  standsAtEnd,
} from "./managers.ts";
import { byPage } from "./paged-space.ts";

/** Metadata comes last: the managers' own space is of it. */
const KINDS: readonly SpaceKind[] = ["raw", "pages", "metadata"];
/** Space for managers changes what they have to say; it settles in two or three rounds. */
const ROUNDS = 8;
const MANAGERS = 12;

export class KeptManagers {
  private readonly file: EditorFile;
  private readonly extension: Address;
  private info: FileSpaceInfo;
  private placed: Partial<Record<SpaceKind, PlacedManager>> = {};
  private message: EditedHeader | undefined;
  private readonly blocks: FreeExtents;
  private stale: boolean;

  /** `blocks`: what the managers take that stand in the file. `stale`: they are to be replaced, come what may. */
  constructor(file: EditorFile, extension: Address, info: FileSpaceInfo, blocks: FreeExtents, stale = false) {
    this.file = file;
    this.extension = extension;
    this.info = info;
    this.blocks = blocks;
    this.stale = stale;
  }

  /** Takes space for the managers of the next commit. Afterwards the file's end may be given back, and nothing else. */
  *place(): Steps<void> {
    const { file } = this;
    this.message = undefined;
    if (!file.allocator.changed && !this.stale) return;
    this.stale = false;
    for (const { at, size } of this.blocks.extents()) file.allocator.free(at as Address, size, "metadata");
    this.blocks.clear();
    for (const old of Object.values(this.placed)) giveManager(file, old);
    this.placed = {};
    const header = yield* EditedHeader.load(file, this.extension);
    // Of version 0 there is less room.
    this.rewrite(header, { ...this.info, version: 1, endOfAllocation: null, managers: none() });
    header.apply();
    for (let round = 0; round < ROUNDS && this.grow(); round++);
    this.message = header;
  }

  /** Whether a manager had to be placed, or placed anew. */
  private grow(): boolean {
    const { file } = this;
    const free = this.sections();
    let grew = false;
    for (const kind of KINDS) {
      if (free[kind].groups.length === 0) continue;
      const need = sectionsBytes(free[kind], file.structures.sizes);
      const old = this.placed[kind];
      if (old !== undefined && old.room >= need) continue;
      if (old !== undefined) giveManager(file, old);
      this.placed[kind] = placeManager(file, need);
      grew = true;
    }
    return grew;
  }

  /** Puts the managers, and the message that points at them. The file has its final end. */
  put(): void {
    const { file, message } = this;
    if (message === undefined) return;
    for (const kind of [...KINDS].reverse()) this.dropEmpty(kind);
    const free = this.sections();
    const managers = none();
    for (const kind of KINDS) {
      const placed = this.placed[kind];
      const sections = free[kind];
      if (placed === undefined || placed.room < sectionsBytes(sections, file.structures.sizes)) continue;
      putManager(file, placed, sections);
      managers[MANAGER_OF[kind]] = placed.header;
    }
    // The reference library has this where its managers begin, if they stand at the end; or else at the end.
    this.rewrite(message, { ...this.info, managers, endOfAllocation: file.allocator.end as Address });
    message.apply();
  }

  /**
   * A manager that has nothing to say any more goes, if it goes from the file's end. Elsewhere it would leave free space that
   * somebody has to keep: it stays, and says that there is none.
   */
  private dropEmpty(kind: SpaceKind): void {
    const { file } = this;
    const placed = this.placed[kind];
    if (placed === undefined || file.allocator.pageSize !== undefined) return;
    if (this.sections()[kind].groups.length > 0 || !standsAtEnd(file, placed)) return;
    giveManager(file, placed);
    delete this.placed[kind];
    // Nothing is taken from here on, so that what is freed may go.
    file.allocator.shrink();
  }

  /** Free space after the commit, as far as it is large enough to be kept. */
  private sections(): Record<SpaceKind, FreeSpaceSections> {
    const { pageSize } = this.file.allocator;
    const { metadata, raw, pages } = this.file.allocator.freeSpace();
    const kept = (kind: SpaceKind, free: typeof raw): FreeSpaceSections => {
      const parts = pageSize === undefined || kind === "pages" ? free : [...byPage(free, pageSize)];
      const large = parts.filter(({ size }) => size >= this.info.threshold);
      return sectionsOf(large, kind, pageSize !== undefined);
    };
    return { metadata: kept("metadata", metadata), raw: kept("raw", raw), pages: kept("pages", pages) };
  }

  private rewrite(header: EditedHeader, info: FileSpaceInfo): void {
    const old = header.find(MessageType.fileSpaceInfo);
    if (old === undefined) throw new RangeError("the superblock extension has lost its file space info message");
    this.info = info;
    header.replace(
      old,
      header.encode((f) => void fileSpaceInfoMessage(f, info)),
    );
  }
}

const none = (): (Address | null)[] => new Array<Address | null>(MANAGERS).fill(null);
