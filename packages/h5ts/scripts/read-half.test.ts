import { transformSync } from "esbuild";
import { expect, it } from "vitest";
import { readHalf } from "./read-half.ts";

const cases: [what: string, source: string, half: string][] = [
  [
    "values are not handed to fields",
    "export const a = (f: Fields, v?: A): A => ({ x: f.u8(v?.x), y: f.bytes(v?.y, 4), z: f.text(v && v.z.trim(), f.u16(v?.z.length)) });",
    "export const a = (f, v) => ({ x: f.u8(), y: f.bytes(0, 4), z: f.text(0, f.u16()) });",
  ],
  [
    "nor from layout to layout",
    "export function a(f: Fields, version: number, v?: A): A { const old = b(f, v); return c(f, version, v?.c) + old; }",
    "export function a(f, version, v) { const old = b(f); return c(f, version) + old; }",
  ],
  [
    "what only writes folds away",
    'export function a(f: Fields, v: A | undefined): A { if (v !== undefined && v.x > 1) f.fail("large"); return f.reading ? b(f) : c(f); }',
    "export function a(f, v) { return b(f); }",
  ],
  [
    "a value that must be given stays",
    'export function check(f: Fields, v: A): void { if (v.x > 1) f.fail("large", v.x); }',
    'export function check(f, v) { v.x > 1 && f.fail("large", v.x); }',
  ],
  [
    "members and inner parameters of the name are something else",
    "export const a = (f: Fields, v?: A): A => list(f).map((v: A) => v.v + f.u8(0));",
    "export const a = (f, v) => list(f).map((v) => v.v + f.u8());",
  ],
  [
    "a layout whose type stands elsewhere has its value behind the fields",
    "export const a: Layout<A> = { read: (f, head, v) => head.x + f.u8(v?.x), other: (v) => v.x };",
    "export const a = { read: (f, head, v) => head.x + f.u8(), other: (v) => v.x };",
  ],
  [
    "a value may be copied",
    "export const a = (f: Fields, v?: A): A => ({ ...b(f, { v }), n: f.u32(v?.list.length) });",
    "export const a = (f, v) => ({ ...b(f, { v: void 0 }), n: f.u32() });",
  ],
];

const plain = (source: string): string => transformSync(source, { loader: "js", minifyWhitespace: true }).code;

it.each(cases)("%s", (_, source, half) => expect(plain(readHalf(source))).toBe(plain(half)));
