/**
 * File space info message, type 0x0017 (HDF5 File Format Specification, section IV.A.2.x): how the file allocates space, and
 * its persistent free-space managers. Stands in the superblock extension.
 */
import type { Address } from "../../bytes/address.ts";
import { codeOf, named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface FileSpaceInfo {
  /** Version 0 is of HDF5 1.10.0; it is read into the terms of version 1. */
  readonly version: 0 | 1;
  readonly strategy: "fsm-aggregate" | "page" | "aggregate" | "none";
  readonly persist: boolean;
  /** Smallest free section that is kept track of, in bytes. */
  readonly threshold: number;
  readonly pageSize: number;
  /** Version 1: free bytes at the end of a page below which they are not kept track of. */
  readonly pageEndThreshold: number;
  /** Version 1: end of allocation before the managers themselves were allocated. */
  readonly endOfAllocation: Address | null;
  /** Of each kind of data a free-space manager, where they persist: 12 in version 1 (6 for small, 6 for large), 6 in 0. */
  readonly managers: readonly (Address | null)[];
}

const STRATEGIES = ["fsm-aggregate", "page", "aggregate", "none"] as const;
/** Of version 0; number 1 is the first with persistence. */
const OLD_STRATEGIES = ["fsm-aggregate", "aggregate", "none"] as const;

export const DEFAULT_FILE_SPACE_PAGE = 4096;
const MIN_PAGE = 512;
const MAX_PAGE = 2 ** 30;

export function fileSpaceInfoMessage(f: Fields, v?: FileSpaceInfo): FileSpaceInfo {
  const version = f.u8(v?.version);
  if (version === 0) return versionZero(f, v);
  if (version !== 1) return f.fail("has a version that is not known", version, "0 or 1");
  const strategy = named(f, STRATEGIES, f.u8(codeOf(STRATEGIES, v?.strategy)), "strategy");
  const persist = f.u8(v && Number(v.persist)) !== 0;
  const threshold = f.length(v?.threshold);
  const pageSize = f.length(v?.pageSize);
  if (!(pageSize >= MIN_PAGE && pageSize <= MAX_PAGE)) f.fail("has a wrong page size", pageSize, "512 to 2^30");
  const pageEndThreshold = f.u16(v?.pageEndThreshold);
  const endOfAllocation = f.address(v?.endOfAllocation);
  const managers = addresses(f, persist ? 12 : 0, v?.managers);
  return { version, strategy, persist, threshold, pageSize, pageEndThreshold, endOfAllocation, managers };
}

function versionZero(f: Fields, v?: FileSpaceInfo): FileSpaceInfo {
  const code = f.u8(v && (v.persist ? 1 : 2 + OLD_STRATEGIES.indexOf(v.strategy as "none")));
  const strategy = named(f, OLD_STRATEGIES, Math.max(code - 2, code === 1 ? 0 : -1), "strategy");
  const persist = code === 1;
  return {
    version: 0,
    strategy,
    persist,
    threshold: f.length(v?.threshold),
    pageSize: DEFAULT_FILE_SPACE_PAGE,
    pageEndThreshold: 0,
    endOfAllocation: null,
    managers: addresses(f, persist ? 6 : 0, v?.managers),
  };
}

function addresses(f: Fields, count: number, v?: readonly (Address | null)[]): (Address | null)[] {
  return Array.from({ length: count }, (_, i) => f.address(v?.[i]));
}
