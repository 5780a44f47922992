import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyError } from "../../errors.ts";
import { type Ground, localParts } from "./file-name.ts";

const grounds: Ground[] = ["posix", "windows", "url"];

describe("plain relative names are taken apart", () => {
  const cases: [name: string, parts: string[]][] = [
    ["b.h5", ["b.h5"]],
    ["sub/b.h5", ["sub", "b.h5"]],
    ["./sub//./b.h5", ["sub", "b.h5"]],
    ["..hidden", ["..hidden"]],
    ["a..b", ["a..b"]],
    ["__proto__", ["__proto__"]],
    ["ünïcode 数据.h5", ["ünïcode 数据.h5"]],
    ["100% sure?#.h5", ["100% sure?#.h5"]],
    ["~/b.h5", ["~", "b.h5"]],
    ["$HOME.h5", ["$HOME.h5"]],
  ];
  it.each(cases)("%j", (name, parts) => {
    for (const ground of grounds) expect(localParts(name, "external link", ground)).toEqual(parts);
  });
});

describe("names that lead elsewhere are refused", () => {
  const everywhere = [
    "",
    ".",
    "./",
    "..",
    "../b.h5",
    "a/../../b.h5",
    "a/..",
    "/etc/passwd",
    "//server/share/b.h5",
    "\\\\server\\share\\b.h5",
    "..\\b.h5",
    "a\\b.h5",
    "C:\\b.h5",
    "c:/b.h5",
    "C:b.h5",
    "file:///etc/passwd",
    "http://example.org/b.h5",
    "HTTPS:b.h5",
    "b.h5:stream",
    "javascript:alert(1)",
    "data:,x",
    "b.h5\0",
    "a\0/../b.h5",
    "a\nb.h5",
    "a\x7f.h5",
  ];
  const cases: [name: string, grounds: Ground[]][] = [
    ...everywhere.map((name): [string, Ground[]] => [name, grounds]),
    ["1.h5:stream", ["windows"]],
    ["NUL", ["windows"]],
    ["sub/aux.h5", ["windows"]],
    ["com1 .txt", ["windows"]],
    [".. /b.h5", ["windows"]],
    ["b.h5.", ["windows"]],
    ["b.h5 ", ["windows"]],
    ["%2e%2e/b.h5", ["url"]],
    ["%2E%2e%2fb.h5", ["url"]],
    ["a%2f..%2f..%2fb.h5", ["url"]],
    ["%252e%252e%252fb.h5", ["url"]],
    ["%25252e%25252e%25252fb.h5", ["url"]],
    ["%5c..%5cb.h5", ["url"]],
    ["%2fetc/passwd", ["url"]],
    ["b.h5%00", ["url"]],
    ["h%74tp://example.org", ["posix", "windows", "url"].slice(1) as Ground[]],
  ];
  it.each(cases)("%j on %j", (name, refusing) => {
    for (const ground of grounds) {
      const take = () => localParts(name, "external link", ground);
      if (refusing.includes(ground)) expect(take).toThrow(PolicyError);
      else expect(take).not.toThrow();
    }
  });
});

it("nothing that passes has a part that leads up or away", () => {
  const piece = fc.constantFrom("..", ".", "/", "\\", "a", "%2e", "%2f", "%5c", "%25", ":", "\0", " ", "C", "2e", "é");
  const property = fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom(...grounds), (pieces, ground) => {
    let parts: string[];
    try {
      parts = localParts(pieces.join(""), "external link", ground);
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError);
      return;
    }
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(part).not.toMatch(/^\.{0,2}$|[/\\\0]/);
    if (ground === "url") {
      const base = "http://example.org/data/x/";
      const once = new URL(parts.map(encodeURIComponent).join("/"), base);
      expect(once.href.startsWith(base)).toBe(true);
      // As a server sees it that decodes once too often.
      const twice = decodeURIComponent(once.pathname).replace(/[?# ]/g, encodeURIComponent);
      expect(new URL(`http://example.org${twice}`).href.startsWith(base)).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 2000 });
});
