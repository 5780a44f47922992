/**
 * Pickles of checkpoints, protocols 2 and 4, as data: the opcodes that PyTorch's own reader of weights allows, and names from an
 * allow-list (`pickle-globals.ts`). Everything else is an error that names the opcode and where it stands.
 */
import { FormatError, LimitError, UnsupportedError } from "h5ts";
import { type Inert, type PickleGlobal, pickleGlobal } from "./pickle-globals.ts";
import { signedInteger } from "./signed-integer.ts";

const STRUCTURE = "Pickle";
/** Values on the stack and in the memo at most: each takes a byte of the file at least, and memory here. */
const MOST_VALUES = 10_000_000;

/** Python's dict: keys of any kind, in their order. */
export class PickleDict extends Map<unknown, unknown> {
  /** What BUILD gave beside the entries: `_metadata` of a state dict. */
  state?: unknown;
}

/** What the reader of a checkpoint adds to the meaning of pickles. */
export interface PickleHost {
  /** The object behind a persistent id. */
  persistent(id: unknown): unknown;
  /** Calls an allowed function. */
  call(name: string, args: readonly unknown[]): unknown;
}

/** A tuple, which a list is not. */
export class PickleTuple extends Array<unknown> {}

const MARK = Symbol("mark");

/** Reads the pickle at the beginning of the bytes; also says where it ended. */
export function unpickle(
  bytes: Uint8Array,
  host: PickleHost,
  at = 0,
): { readonly value: unknown; readonly end: number } {
  const machine = new PickleMachine(bytes, host, at);
  const value = machine.run();
  return { value, end: machine.position };
}

class PickleMachine {
  position: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly host: PickleHost;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private memoized = 0;

  constructor(bytes: Uint8Array, host: PickleHost, at: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.host = host;
    this.position = at;
  }

  run(): unknown {
    for (;;) {
      const at = this.position;
      const opcode = this.u8();
      if (opcode === 0x2e) return this.pop();
      const operation = OPERATIONS[opcode];
      if (operation === undefined)
        throw new UnsupportedError("has an operation that checkpoints do not need", {
          structure: STRUCTURE,
          address: at,
          found: `0x${opcode.toString(16)} ${JSON.stringify(String.fromCharCode(opcode))}`,
        });
      operation(this);
      if (this.stack.length > MOST_VALUES || this.memo.size > MOST_VALUES)
        throw new LimitError("holds too many values", { structure: STRUCTURE, allowed: `at most ${MOST_VALUES}` });
    }
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

  text(length: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.take(length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) this.fail("ends within a line");
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
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

  top(): unknown {
    if (this.stack.length === 0) this.fail("uses a value where there is none");
    return this.stack[this.stack.length - 1];
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
    this.put(this.memoized++);
  }

  get(index: number): void {
    if (!this.memo.has(index)) this.fail("recalls what it did not keep", index);
    this.push(this.memo.get(index));
  }

  global(module: string, name: string): void {
    const found = pickleGlobal(module, name);
    if (found === undefined)
      throw new UnsupportedError("names a class or function that is not allowed: save a state_dict", {
        structure: STRUCTURE,
        address: this.position,
        found: `${module}.${name}`,
      });
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

  reduce(): void {
    const args = this.pop();
    const called = this.pop();
    if (args instanceof PickleTuple) this.push(this.call(called, args));
    else this.fail("calls with what is no tuple");
  }

  private call(called: unknown, args: PickleTuple): unknown {
    const { kind, name } = globalOf(called) ?? this.fail("calls what is no function");
    if (kind === "ordered dict") return dictOf(args[0], this);
    if (kind === "function") return this.host.call(name, args);
    if (kind === "inert") return { name, args: [...args] } satisfies Inert;
    return this.fail("calls what is no function", name);
  }

  build(): void {
    const state = this.pop();
    const object = this.top();
    if (object instanceof PickleDict || isInert(object)) object.state = state;
    else this.fail("gives a state to what has none");
  }

  persistent(): void {
    this.push(this.host.persistent(this.pop()));
  }

  stackGlobal(): void {
    const name = this.pop();
    const module = this.pop();
    if (typeof name === "string" && typeof module === "string") this.global(module, name);
    else this.fail("has a global without a name");
  }
}

const globalOf = (value: unknown): PickleGlobal | undefined =>
  typeof value === "object" && value !== null && "kind" in value ? (value as PickleGlobal) : undefined;

const isInert = (value: unknown): value is Inert =>
  typeof value === "object" && value !== null && "name" in value && "args" in value;

function dictOf(items: unknown, machine: PickleMachine): PickleDict {
  if (items === undefined) return new PickleDict();
  if (!Array.isArray(items) || !items.every((item) => Array.isArray(item) && item.length === 2))
    return machine.fail("makes a dict of what are no pairs");
  return new PickleDict(items as [unknown, unknown][]);
}

/** A number where it is exact. */
function long(machine: PickleMachine): number | bigint {
  const value = signedInteger(machine.take(machine.u8()));
  return BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const tuple = (machine: PickleMachine, count: number): void => {
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.unshift(machine.pop());
  machine.push(tupleOf(values));
};

function tupleOf(values: readonly unknown[]): PickleTuple {
  const made = new PickleTuple();
  for (const value of values) made.push(value);
  return made;
}

const u16 = (view: DataView, at: number): number => view.getUint16(at, true);
const u32 = (view: DataView, at: number): number => view.getUint32(at, true);
const u64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** By opcode (Python's `pickletools` has their names). */
const OPERATIONS: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  128: (m) => void m.u8(), // PROTO
  149: (m) => void m.take(8), // FRAME
  40: (m) => m.mark(), // MARK
  48: (m) => void m.pop(), // POP
  113: (m) => m.put(m.u8()), // BINPUT
  114: (m) => m.put(m.number(4, u32)), // LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE
  104: (m) => m.get(m.u8()), // BINGET
  106: (m) => m.get(m.number(4, u32)), // LONG_BINGET
  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  74: (m) => m.push(m.number(4, (view, at) => view.getInt32(at, true))), // BININT
  75: (m) => m.push(m.u8()), // BININT1
  77: (m) => m.push(m.number(2, u16)), // BININT2
  138: (m) => m.push(long(m)), // LONG1
  71: (m) => m.push(m.number(8, (view, at) => view.getFloat64(at, false))), // BINFLOAT
  88: (m) => m.push(m.text(m.number(4, u32))), // BINUNICODE
  140: (m) => m.push(m.text(m.u8())), // SHORT_BINUNICODE
  141: (m) => m.push(m.text(m.number(8, u64))), // BINUNICODE8
  85: (m) => m.push(String.fromCharCode(...m.take(m.u8()))), // SHORT_BINSTRING
  66: (m) => m.push(m.take(m.number(4, u32)).slice()), // BINBYTES
  67: (m) => m.push(m.take(m.u8()).slice()), // SHORT_BINBYTES
  41: (m) => m.push(new PickleTuple()), // EMPTY_TUPLE
  116: (m) => m.push(tupleOf(m.marked())), // TUPLE
  133: (m) => tuple(m, 1), // TUPLE1
  134: (m) => tuple(m, 2), // TUPLE2
  135: (m) => tuple(m, 3), // TUPLE3
  93: (m) => m.push([]), // EMPTY_LIST
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.marked()), // APPENDS
  125: (m) => m.push(new PickleDict()), // EMPTY_DICT
  115: (m) => {
    const value = m.pop();
    m.set([m.pop(), value]);
  }, // SETITEM
  117: (m) => m.set(m.marked()), // SETITEMS
  143: (m) => m.push(new Set()), // EMPTY_SET
  144: (m) => m.add(m.marked()), // ADDITEMS
  99: (m) => {
    const module = m.line();
    m.global(module, m.line());
  }, // GLOBAL
  147: (m) => m.stackGlobal(), // STACK_GLOBAL
  82: (m) => m.reduce(), // REDUCE
  129: (m) => m.reduce(), // NEWOBJ
  98: (m) => m.build(), // BUILD
  81: (m) => m.persistent(), // BINPERSID
};
