/** What the opcodes of pickles do (Python's `pickletools` has their names and says what each takes). */
import type { PickleMachine } from "./machine.ts";
import { signedInteger } from "./signed-integer.ts";
import { float, integerLine, longLine, quoted, textOf, unicodeLine } from "./text-arguments.ts";
import { PickleDict, PickleTuple } from "./values.ts";

const u16 = (view: DataView, at: number): number => view.getUint16(at, true);
const i32 = (view: DataView, at: number): number => view.getInt32(at, true);
const u32 = (view: DataView, at: number): number => view.getUint32(at, true);
const u64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

const tuple = (machine: PickleMachine, count: number): void => {
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.unshift(machine.pop());
  machine.push(PickleTuple.holding(values));
};

const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

const small = (machine: PickleMachine, value: number): void => machine.integer(BigInt(value));

/** By opcode. Absent, so never allowed: EXT1 to EXT4, INST, OBJ, PERSID and the buffers outside of protocol 5. */
export const OPERATIONS: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  128: (m) => void m.u8(), // PROTO
  149: (m) => void m.take(8), // FRAME
  40: (m) => m.mark(), // MARK
  48: (m) => m.drop(), // POP
  49: (m) => void m.marked(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP
  112: (m) => m.put(integerLine(m)), // PUT
  113: (m) => m.put(m.u8()), // BINPUT
  114: (m) => m.put(m.number(4, u32)), // LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE
  103: (m) => m.get(integerLine(m)), // GET
  104: (m) => m.get(m.u8()), // BINGET
  106: (m) => m.get(m.number(4, u32)), // LONG_BINGET
  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m) => longLine(m, "int"), // INT
  76: (m) => longLine(m, "long"), // LONG
  74: (m) => small(m, m.number(4, i32)), // BININT
  75: (m) => small(m, m.u8()), // BININT1
  77: (m) => small(m, m.number(2, u16)), // BININT2
  138: (m) => m.integer(signedInteger(m.take(m.u8()))), // LONG1
  139: (m) => m.integer(signedInteger(m.take(boundedLong(m)))), // LONG4
  70: (m) => m.push(float(m)), // FLOAT
  71: (m) => m.push(m.number(8, (view, at) => view.getFloat64(at, false))), // BINFLOAT
  86: (m) => m.push(unicodeLine(m)), // UNICODE
  88: (m) => m.push(textOf(m.take(m.number(4, u32)))), // BINUNICODE
  140: (m) => m.push(textOf(m.take(m.u8()))), // SHORT_BINUNICODE
  141: (m) => m.push(textOf(m.take(m.number(8, u64)))), // BINUNICODE8
  83: (m) => m.push(quoted(m)), // STRING
  84: (m) => m.push(latin1(m.take(m.number(4, i32)))), // BINSTRING
  85: (m) => m.push(latin1(m.take(m.u8()))), // SHORT_BINSTRING
  66: (m) => m.push(m.take(m.number(4, u32)).slice()), // BINBYTES
  67: (m) => m.push(m.take(m.u8()).slice()), // SHORT_BINBYTES
  142: (m) => m.push(m.take(m.number(8, u64)).slice()), // BINBYTES8
  150: (m) => m.push(m.take(m.number(8, u64)).slice()), // BYTEARRAY8
  41: (m) => m.push(new PickleTuple()), // EMPTY_TUPLE
  116: (m) => m.push(PickleTuple.holding(m.marked())), // TUPLE
  133: (m) => tuple(m, 1), // TUPLE1
  134: (m) => tuple(m, 2), // TUPLE2
  135: (m) => tuple(m, 3), // TUPLE3
  93: (m) => m.push([]), // EMPTY_LIST
  108: (m) => m.push(m.marked()), // LIST
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.marked()), // APPENDS
  125: (m) => m.push(new PickleDict()), // EMPTY_DICT
  100: (m) => {
    const entries = m.marked();
    m.push(new PickleDict());
    m.set(entries);
  }, // DICT
  115: (m) => {
    const value = m.pop();
    m.set([m.pop(), value]);
  }, // SETITEM
  117: (m) => m.set(m.marked()), // SETITEMS
  143: (m) => m.push(new Set()), // EMPTY_SET
  144: (m) => m.add(m.marked()), // ADDITEMS
  145: (m) => m.push(new Set(m.marked())), // FROZENSET
  99: (m) => {
    const module = latin1(m.line());
    m.global(module, latin1(m.line()));
  }, // GLOBAL
  147: (m) => m.stackGlobal(), // STACK_GLOBAL
  82: (m) => m.reduce(), // REDUCE
  129: (m) => m.reduce(), // NEWOBJ
  146: (m) => {
    const named = m.pop();
    if (named instanceof PickleDict) m.reduce(named);
    else m.fail("names arguments by what is no dict");
  }, // NEWOBJ_EX
  98: (m) => m.build(), // BUILD
  81: (m) => m.persistent(), // BINPERSID
};

/** Bytes that an integer takes at most: its digits cost as their square. */
const MOST_INTEGER_BYTES = 4096;

function boundedLong(machine: PickleMachine): number {
  const length = machine.number(4, i32);
  return length <= MOST_INTEGER_BYTES ? length : machine.fail("has an integer of too many digits", length);
}
