/** Pickles of objects, as every pandas reads them: of protocol 2. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { objectText, refuse, SMALLEST_INT, UNIT_CODES } from "./text-pickle.ts";
import { isPythonObject, type PythonObject } from "./values.ts";

/** Bytes that grow as they are written. */
class Writer {
  private bytes = new Uint8Array(1024);
  private length = 0;

  room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const more = new Uint8Array(Math.max(2 * this.bytes.length, this.length));
      more.set(this.bytes);
      this.bytes = more;
    }
    return at;
  }

  put(...bytes: readonly number[]): undefined {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  append(bytes: Uint8Array): undefined {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  ascii(text: string): undefined {
    this.append(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  }

  number(opcode: number, width: number, write: (view: DataView, at: number) => void): undefined {
    this.put(opcode);
    const at = this.room(width);
    write(new DataView(this.bytes.buffer), at);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/**
 * A pickle of an array of objects, as every pandas reads it: protocol 2, NumPy by its old name. Values in C order.
 * UnsupportedError of values that are not written.
 */
export function arrayPickle(values: readonly unknown[], shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.put(0x80, 2);
  out.ascii("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85c_codecs\nencode\n");
  text(out, "b");
  text(out, "latin1");
  out.ascii("\x86R\x87R(K\x01");
  out.ascii("(");
  for (const dim of shape) integer(out, BigInt(dim));
  out.ascii("tcnumpy\ndtype\n");
  text(out, "O8");
  out.ascii("\x89\x88\x87R(K\x03");
  text(out, "|");
  out.ascii("NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](");
  for (const value of values) element(out, value);
  out.ascii("etb.");
  return out.done();
}

/** A pickle of a value by itself, protocol 2. */
export function objectPickle(value: unknown): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.put(0x80, 2);
  element(out, value);
  out.ascii(".");
  return out.done();
}

const UTF8 = new TextEncoder();

function text(out: Writer, value: string): undefined {
  const bytes = /[\ud800-\udfff]/u.test(value) ? surrogateBytes(value) : UTF8.encode(value);
  out.number(0x58, 4, (view, at) => view.setUint32(at, bytes.length, true));
  out.append(bytes);
}

function surrogateBytes(value: string): Uint8Array {
  const bytes: number[] = [];
  for (const one of value) {
    const code = one.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) bytes.push(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(...UTF8.encode(one));
  }
  return Uint8Array.from(bytes);
}

function integer(out: Writer, value: bigint): undefined {
  if (0n <= value && value < 256n) return out.put(0x4b, Number(value));
  if (SMALLEST_INT <= value && value < -SMALLEST_INT)
    return out.number(0x4a, 4, (view, at) => view.setInt32(at, Number(value), true));
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  } while ((rest !== 0n && rest !== -1n) || (bytes[bytes.length - 1] & 0x80) !== (rest < 0n ? 0x80 : 0));
  if (bytes.length > 255) refuse(value);
  out.put(0x8a, bytes.length, ...bytes);
}

function element(out: Writer, value: unknown): undefined {
  if (value === null || value === undefined) return out.put(0x4e);
  if (typeof value === "string") return text(out, value);
  if (typeof value === "boolean") return out.put(value ? 0x88 : 0x89);
  if (typeof value === "number") return out.number(0x47, 8, (view, at) => view.setFloat64(at, value, false));
  if (typeof value === "bigint") return integer(out, value);
  if (value instanceof PickleTuple) return sequence(out, value, "(", "t");
  if (Array.isArray(value)) return sequence(out, value, "](", "e");
  if (value instanceof PickleDict) return sequence(out, [...value].flat(), "}(", "u");
  if (value instanceof Set) return sequence(out, [[...value]], "c__builtin__\nset\n(", "tR");
  if (value instanceof Uint8Array) return called(out, "_codecs\nencode", [String.fromCharCode(...value), "latin1"]);
  if (isPythonObject(value)) return object(out, value);
  refuse(value);
}

function sequence(out: Writer, items: readonly unknown[], begin: string, end: string): undefined {
  out.ascii(begin);
  for (const item of items) element(out, item);
  out.ascii(end);
}

/** A call of what is named, with these arguments. */
const called = (out: Writer, name: string, args: readonly unknown[]): undefined =>
  sequence(out, args, `c${name}\n(`, "tR");

const TSLIBS = "pandas._libs.tslibs";

function object(out: Writer, value: PythonObject): undefined {
  switch (value.kind) {
    case "na":
      return out.ascii("cpandas._libs.missing\nNA\n");
    case "nat":
      return called(out, `${TSLIBS}.nattype\n_nat_unpickle`, [null]);
    case "timestamp":
      return timestamp(out, value);
    case "timedelta":
      return called(out, `${TSLIBS}.timedeltas\n_timedelta_unpickle`, [
        value.value,
        BigInt(UNIT_CODES[value.unit] ?? refuse(value)),
      ]);
    case "decimal":
      return called(out, "decimal\nDecimal", [value.text]);
    case "date":
      return called(out, "datetime\ndate", value.iso.split("-").map(BigInt));
    case "pytimedelta":
      return called(out, "datetime\ntimedelta", [0n, 0n, value.microseconds]);
    case "complex":
      return called(out, "__builtin__\ncomplex", [value.real, value.imag]);
    case "zone":
    case "frequency":
      return out.ascii(objectText(value, 3));
    default:
      refuse(value);
  }
}

function timestamp(out: Writer, { value, unit, zone }: Extract<PythonObject, { kind: "timestamp" }>): undefined {
  const code = UNIT_CODES[unit] ?? refuse({ kind: unit });
  const args = [value, null, zone === null ? null : { kind: "zone", name: zone }];
  called(out, `${TSLIBS}.timestamps\n_unpickle_timestamp`, unit === "ns" ? args : [...args, BigInt(code)]);
}
