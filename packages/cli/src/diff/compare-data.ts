/** Compares data of two files, element by element: numbers within a tolerance, all else exactly. */
import { AttributeReference, Reference, RegionReference } from "h5ts";

export interface Tolerance {
  /** Numbers differ that are farther apart than this. */
  readonly absolute?: number;
  /** Numbers differ that are farther apart than this part of the first. */
  readonly relative?: number;
}

/** Paths of the objects that references of each file lead to, by address. */
export interface Targets {
  readonly a: ReadonlyMap<number, string>;
  readonly b: ReadonlyMap<number, string>;
}

export interface Comparison extends Tolerance {
  readonly targets: Targets;
  /** Element `element` differs; `member` names the member of a compound. */
  differs(element: number, member: string, a: unknown, b: unknown): void;
}

/** Compares `count` elements of data, as reading gives it. */
export function compareData(a: unknown, b: unknown, count: number, how: Comparison, member = ""): void {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b))
    compareArrays(a as unknown as Numbers, b as unknown as Numbers, count, how, member);
  else if (Array.isArray(a) && Array.isArray(b)) compareLists(a, b, count, how, member);
  else if (isColumns(a) && isColumns(b)) compareColumns(a, b, count, how, member);
  else how.differs(0, member, a, b);
}

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

const perElement = (length: number, count: number): number => Math.max(1, Math.round(length / Math.max(1, count)));

function compareArrays(a: Numbers, b: Numbers, count: number, how: Comparison, member: string): void {
  const per = perElement(a.length, count);
  if (a.length !== b.length) how.differs(0, member, `${a.length} values`, `${b.length} values`);
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a[i] !== b[i] && !near(a[i], b[i], how)) how.differs(Math.floor(i / per), member, a[i], b[i]);
}

/** Whether two numbers are equal, or as near as is tolerated; not-a-numbers are equal. */
function near(a: number | bigint, b: number | bigint, { absolute, relative }: Tolerance): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const first = Number(a);
  const apart = Math.abs(first - Number(b));
  if (absolute !== undefined && apart <= absolute) return true;
  if (relative !== undefined && first !== 0 && apart / Math.abs(first) <= relative) return true;
  // A bigint and a number are of integers of different widths.
  return typeof a !== typeof b && first === Number(b);
}

function compareLists(
  a: readonly unknown[],
  b: readonly unknown[],
  count: number,
  how: Comparison,
  member: string,
): void {
  const per = perElement(a.length, count);
  if (a.length !== b.length) how.differs(0, member, `${a.length} values`, `${b.length} values`);
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (!sameValue(a[i], b[i], how)) how.differs(Math.floor(i / per), member, a[i], b[i]);
}

type Columns = Readonly<Record<string, unknown>>;

const isColumns = (value: unknown): value is Columns =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function compareColumns(a: Columns, b: Columns, count: number, how: Comparison, member: string): void {
  const prefix = member === "" ? "" : `${member}.`;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (name in a && name in b) compareData(a[name], b[name], count, how, prefix + name);
    else how.differs(0, prefix + name, name in a ? "there" : "absent", name in b ? "there" : "absent");
  }
}

/** Whether two values are the same: of attributes, and elements that are no numbers. */
export function sameValue(a: unknown, b: unknown, how: Comparison): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return near(a, b, how);
  if (a instanceof Reference && b instanceof Reference) return sameReference(a, b, how.targets);
  if (!isObject(a) || !isObject(b)) return false;
  let same = true;
  const differs = (): void => {
    same = false;
  };
  const [left, right] = [Object.keys(a).length, Object.keys(b).length];
  if (left !== right) return false;
  if (isColumns(a) && isColumns(b)) return Object.keys(a).every((key) => key in b && sameValue(a[key], b[key], how));
  compareData(a, b, left, { ...how, differs });
  return same;
}

const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** References lead to objects of one path, or nowhere, both of them; those to regions select the same there. */
function sameReference(a: Reference, b: Reference, targets: Targets): boolean {
  if (a.kind !== b.kind || a.file !== b.file) return false;
  const [left, right] = [targetOf(a, targets.a), targetOf(b, targets.b)];
  if (left !== right) return false;
  if (left === undefined) return true;
  if (a instanceof AttributeReference && b instanceof AttributeReference) return a.attribute === b.attribute;
  if (a instanceof RegionReference && b instanceof RegionReference)
    return JSON.stringify(a.selection) === JSON.stringify(b.selection);
  return true;
}

/** `undefined`: it was never set, or its object is gone. */
const targetOf = ({ address }: Reference, paths: ReadonlyMap<number, string>): string | undefined =>
  address === null ? undefined : paths.get(address);
