/** What people see: colours, lines that fit, help with examples, hints, completion, previews. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inflateSync } from "node:zlib";
import { MemoryStorage, openSync } from "h5ts";
import { afterAll, describe, expect, it, vi } from "vitest";
import { runCli } from "../src/cli.ts";
import { isNear } from "../src/errors.ts";
import { wantsColors } from "../src/terminal/style.ts";
import { columns, fitted, widthOf } from "../src/terminal/text.ts";
import { fixture, ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-terminal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "some.h5");
const storage = new MemoryStorage();
for (const target of [path, storage]) {
  const file = openSync(target, "w");
  const data = Float64Array.from({ length: 3 * 40 * 60 }, (_, i) => Math.sin(i / 60) * (i % 60));
  file.createDataset("raw/images", { data, shape: [3, 40, 60] });
  file.createDataset("raw/curve", { data: Float32Array.of(0, 1, 2, Number.NaN, 4) });
  file.createDataset("photo", { data: Uint8Array.from({ length: 27 }, (_, i) => i * 9), shape: [3, 3, 3] });
  file.createDataset("table", { data: { id: Int32Array.of(1, 2), name: ["a\u001b[31m", "日本"] } });
  file.createDataset("texts", { data: Array.from({ length: 20 }, (_, i) => `text ${i}`) });
  file.createSoftLink("latest", "/raw/images");
  file.close();
}

/** A command on a terminal with colours, so many places wide. */
async function onTerminal(places: number, ...argv: string[]): Promise<string[]> {
  const out: string[] = [];
  const output = { out: (text: string) => void out.push(text), err: expect.fail, isTerminal: false };
  expect(await runCli(argv, { ...output, colors: true, columns: places })).toBe(0);
  return out.join("\n").split("\n");
}

describe("text", () => {
  it.each([
    ["abc", 3],
    ["\u001b[1;34mabc\u001b[0m", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["😀", 2],
  ])("%j takes %d places", (text, places) => expect(widthOf(text)).toBe(places));

  it("is cut to fit, with its colours ended", () => {
    expect(fitted("abcdef", 4)).toBe("abc…");
    expect(fitted("日本語", 4)).toBe("日…");
    expect(fitted("\u001b[36mabcdef\u001b[0m", 4)).toBe("\u001b[36mabc…\u001b[0m");
    expect(
      columns(
        [
          ["日本", "x"],
          ["a", "y"],
        ],
        80,
      ),
    ).toBe("日本  x\na     y");
    expect(columns([["a", "bcdefgh"]], 6)).toBe("a  bc…");
  });
});

describe("colours", () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: true }, { TERM: "dumb" }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: "1" }, true],
    [{ isTTY: true }, { FORCE_COLOR: "0" }, false],
    [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("of %j with %j: %s", (stream, environment, wanted) => expect(wantsColors(stream, environment)).toBe(wanted));

  it("are in lists and trees on a terminal, whose lines fit", async () => {
    const tree = await onTerminal(30, "tree", path);
    expect(tree.join("\n")).toContain("\u001b[1;34mraw\u001b[0m");
    expect(tree.map(widthOf).every((width) => width <= 30)).toBe(true);
    expect((await onTerminal(30, "ls", path)).map(widthOf).every((width) => width <= 30)).toBe(true);
    expect((await ran("tree", path)).out).not.toContain("\u001b");
  });
});

describe("help", () => {
  it.each([
    "ls",
    "tree",
    "info",
    "dump",
    "preview",
    "stat",
    "digest",
    "check",
    "diff",
    "copy",
    "repack",
    "recover",
    "virtual",
  ])("of %s has examples", async (name) =>
    expect((await ran(name, "--help")).out).toMatch(new RegExp(`^Examples:\n {2}h5ts ${name} `, "m")),
  );

  it("is near for words mistyped", async () => {
    expect((await ran("tre", path)).err).toBe("h5ts: no such command: tre (hint: tree?)");
    expect((await ran("frobnicate", path)).err).toMatch(/h5ts --help lists them/);
    expect([isNear("dmup", "dump"), isNear("dup", "dump"), isNear("ls", "stat")]).toEqual([true, true, false]);
    expect((await ran("--version")).out).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("completion", () => {
  const complete = async (...words: string[]): Promise<string[]> =>
    (await ran("completion", "words", "--", ...words)).out.split("\n");

  it.each([
    [["re"], ["repack", "recover"]],
    [
      ["tree", "--d"],
      ["--depth", "--driver"],
    ],
    [
      ["ls", path, ""],
      ["latest", "photo", "raw/", "table", "texts"],
    ],
    [["ls", path, "/raw/i"], ["/raw/images"]],
    [["ls", path, "/nowhere/"], [""]],
    [["ls", "no-such-file.h5", ""], [""]],
    [["ls", ""], [""]],
    [["completion", "b"], ["bash"]],
  ])("of %j", async (words, found) => expect(await complete(...words)).toEqual(found));

  it.each(["bash", "zsh", "fish"])("is there for %s", async (shell) => {
    expect((await ran("completion", shell)).out).toContain("h5ts completion words --");
    expect((await ran("completion", "csh")).code).toBe(2);
  });
});

it("standard input is a file", async () => {
  const stdin = vi.spyOn(process, "stdin", "get");
  stdin.mockReturnValue(Readable.from([storage.toUint8Array()]) as unknown as typeof process.stdin);
  try {
    expect((await ran("ls", "-", "/raw")).out).toBe("curve   dataset (5,) <f4\nimages  dataset (3, 40, 60) <f8");
  } finally {
    stdin.mockRestore();
  }
});

describe("preview", () => {
  it("draws a curve", async () => {
    const { out } = await ran("preview", `${path}:/raw/curve`);
    expect(out.split("\n")).toEqual([
      "/raw/curve  dataset (5,) <f4",
      "    █",
      "    █",
      "  ▁ █",
      "  █ █",
      " ▅█ █",
      "▁██ █",
      "0 to 4; elements shown: all",
    ]);
  });

  it("draws a picture, in shades or in colours", async () => {
    const shades = (await ran("preview", path, "/raw/images", "--index", "1", "--width", "30")).out.split("\n");
    expect(shades).toHaveLength(1 + 10 + 1);
    expect(shades[5]).toMatch(/^[ .:\-=+*#%@]+$/);
    expect(shades.at(-1)).toMatch(/^-57\.\d+ to 57\.\d+; elements shown: 1 of 2 each way$/);
    const colored = await onTerminal(40, "preview", path, "/latest");
    expect(colored[3].replaceAll("\u001b", "^")).toMatch(/^(\^\[38;2;\d+;\d+;\d+m\^\[48;2;\d+;\d+;\d+m▀\^\[0m)+$/);
    expect(colored.map(widthOf).every((width) => width <= 40)).toBe(true);
    expect(await ranJson("preview", path, "photo")).toMatchObject({
      width: 3,
      height: 3,
      steps: [1, 1],
      greatest: 234,
    });
  });

  it("draws tables of compounds and text, safe for the terminal", async () => {
    const { out } = await ran("preview", path, "table");
    expect(out.split("\n").slice(1)).toEqual(["id  name", "1   a\\u001b[31m", "2   日本"]);
    expect((await ran("preview", path, "texts")).out).toMatch(/^text 11\n\.\.\. and 8 more$/m);
    expect((await ran("preview", fixture("layouts_v110.h5"), "null")).out).toMatch(/\(nothing\)/);
  });

  it("writes a PNG", async () => {
    const png = join(folder, "photo.png");
    expect((await ran("preview", path, "photo", "--png", png)).out).toBe(`${png}: 3 x 3`);
    const bytes = readFileSync(png);
    expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([3, 3]);
    const at = bytes.indexOf("IDAT");
    const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
    expect([...rows.subarray(0, 10)]).toEqual([0, 0, 9, 18, 27, 36, 45, 54, 63, 72]);
  });

  it.each([
    [["preview", path], /which dataset\?/],
    [["preview", path, "raw"], /raw is a group, not a dataset/],
    [["preview", path, "raw/curve", "--index", "1"], /--index takes 0 whole numbers/],
    [["preview", path, "table", "--png", "x.png"], /--png is for numbers/],
    [["preview", path, "photo", "--width", "0"], /--width must be/],
  ])("%j is wrong use", async (argv, message) => {
    const { code, err } = await ran(...argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
