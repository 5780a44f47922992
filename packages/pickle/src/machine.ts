/** The machine that pickles are written for: what their opcodes do to it is in `operations.ts`. */
import { FormatError, LimitError, UnsupportedError } from "h5ts";
import type { PickleHost } from "./host.ts";
import { PickleDict, PickleTuple } from "./values.ts";

const STRUCTURE = "Pickle";
/** Values on the stack and in the memo at most: each takes a byte of the file at least, and memory here. */
const MOST_VALUES = 10_000_000;

const MARK = Symbol("mark");

/** What a pickle is read by: its bytes, a stack, and what it keeps to recall. */
export class PickleMachine {
  position: number;
  readonly host: PickleHost;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, host: PickleHost, at: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.host = host;
    this.position = at;
  }

  /** LimitError where there are more values than memory is for. */
  checkCount(): void {
    if (this.stack.length <= MOST_VALUES && this.memo.size <= MOST_VALUES) return;
    throw new LimitError("holds too many values", { structure: STRUCTURE, allowed: `at most ${MOST_VALUES}` });
  }

  fail(reason: string, found?: unknown): never {
    throw new FormatError(reason, { structure: STRUCTURE, address: this.position, found });
  }

  take(length: number): Uint8Array {
    if (!(length >= 0 && this.position + length <= this.bytes.length)) this.fail("ends within a value", length);
    const taken = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return taken;
  }

  u8(): number {
    return this.take(1)[0];
  }

  number(length: number, read: (view: DataView, at: number) => number): number {
    this.take(length);
    return read(this.view, this.position - length);
  }

  /** The bytes up to the end of the line, which is passed. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) this.fail("ends within a line");
    const line = this.bytes.subarray(this.position, end);
    this.position = end + 1;
    return line;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) this.fail("takes a value where there is none");
    const value = this.stack.pop();
    if (value === MARK) this.fail("takes a mark for a value");
    return value;
  }

  /** Drops a value, or a mark. */
  drop(): void {
    if (this.stack.length === 0) this.fail("drops a value where there is none");
    this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) this.fail("uses a value where there is none");
    const value = this.stack[this.stack.length - 1];
    return value === MARK ? this.fail("takes a mark for a value") : value;
  }

  mark(): void {
    this.stack.push(MARK);
  }

  /** The values above the last mark. */
  marked(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) this.fail("has no mark");
    const values = this.stack.splice(mark);
    values.shift();
    return values;
  }

  put(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.memo.size);
  }

  get(index: number): void {
    if (!this.memo.has(index)) this.fail("recalls what it did not keep", index);
    this.push(this.memo.get(index));
  }

  integer(value: bigint): void {
    this.push(this.host.integer === undefined ? exactNumber(value) : this.host.integer(value));
  }

  global(module: string, name: string): void {
    const found = this.host.global(module, name);
    if (found === undefined) {
      const { advice } = this.host;
      throw new UnsupportedError(
        `names a class or function that is not allowed${advice === undefined ? "" : `: ${advice}`}`,
        {
          structure: STRUCTURE,
          address: this.position,
          found: `${module}.${name}`,
        },
      );
    }
    this.push(found);
  }

  set(entries: readonly unknown[]): void {
    const dict = this.top();
    if (entries.length % 2 !== 0) this.fail("sets a key without a value");
    if (!(dict instanceof PickleDict)) this.fail("sets an item of what is no dict");
    else for (let i = 0; i < entries.length; i += 2) dict.set(entries[i], entries[i + 1]);
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || list instanceof PickleTuple) this.fail("appends to what is no list");
    else for (const value of values) list.push(value);
  }

  add(values: readonly unknown[]): void {
    const set = this.top();
    if (!(set instanceof Set)) this.fail("adds to what is no set");
    else for (const value of values) set.add(value);
  }

  /** Calls what stands below its arguments. */
  reduce(named?: ReadonlyMap<unknown, unknown>): void {
    const args = this.pop();
    const called = this.pop();
    if (!(args instanceof PickleTuple)) this.fail("calls with what is no tuple");
    else {
      const made = this.host.call(called, args, named);
      if (made === undefined) this.fail("calls what cannot be called so");
      this.push(made);
    }
  }

  build(): void {
    const state = this.pop();
    const object = this.top();
    if (object instanceof PickleDict) object.state = state;
    else if (this.host.build?.(object, state) !== true) this.fail("gives a state to what has none");
  }

  persistent(): void {
    if (this.host.persistent === undefined)
      throw new UnsupportedError("refers to an object outside", { structure: STRUCTURE, address: this.position });
    this.push(this.host.persistent(this.pop()));
  }

  stackGlobal(): void {
    const name = this.pop();
    const module = this.pop();
    if (typeof name === "string" && typeof module === "string") this.global(module, name);
    else this.fail("has a global without a name");
  }
}

const exactNumber = (value: bigint): number | bigint =>
  BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
