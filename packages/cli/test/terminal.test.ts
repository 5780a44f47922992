/** What people see: colours, lines that fit, help with examples, hints, completion, previews. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inflateSync } from "node:zlib";
import { MemoryStorage, openSync } from "h5ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runCli, VERSION } from "../src/cli.ts";
import { COMMANDS } from "../src/commands.ts";
import { isNear } from "../src/errors.ts";
import { optionsOf } from "../src/help.ts";
import { manualPages } from "../src/manual.ts";
import { progressOn } from "../src/terminal/progress.ts";
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

/** Runs `use` with so many bytes as standard input. */
async function withStdin<T>(bytes: Uint8Array, use: () => Promise<T>): Promise<T> {
  const stdin = vi.spyOn(process, "stdin", "get");
  stdin.mockReturnValue(Readable.from([bytes]) as unknown as typeof process.stdin);
  try {
    return await use();
  } finally {
    stdin.mockRestore();
  }
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
  it.each(COMMANDS)("of $name says all: options, what they take, examples", async (command) => {
    const { out } = await ran(command.name, "--help");
    expect(out).toMatch(new RegExp(`^Examples:\n(  # .*\n)? {2}h5ts ${command.name} `, "m"));
    expect(optionsOf(command).map(({ name }) => name)).toEqual(Object.keys(command.options ?? {}));
    for (const { name, takes } of optionsOf(command))
      expect([name, takes !== undefined]).toEqual([name, command.options?.[name].type === "string"]);
    expect(command.details?.length).toBeGreaterThan(0);
    expect(await ran("help", command.name)).toMatchObject({ code: 0, out });
  });

  it.each(COMMANDS.flatMap(({ name, examples = [] }) => examples.map(([line, purpose]) => ({ name, line, purpose }))))(
    "h5ts $name $line",
    async ({ name, line, purpose }) => {
      expect(purpose).not.toBe("");
      const words = [...line.matchAll(/'[^']*'|\S+/g)].map(([word]) => word.replaceAll("'", ""));
      const operands = words.includes("<") ? words.slice(0, words.indexOf("<")) : words;
      // The files are not there, or empty: that is what is wrong, not how the line is written.
      const given = operands.map((word) => word.replace("https://example.org/", "no-such/"));
      const here = process.cwd();
      process.chdir(folder); // where some of them write
      const { code } = await withStdin(new Uint8Array(), () => ran(name, ...given));
      process.chdir(here);
      expect(code).toBe(name === "completion" ? 0 : 1);
    },
  );

  it.each([40, 80, 120])("fits %d places", async (places) => {
    for (const argv of [["--help"], ...COMMANDS.map(({ name }) => [name, "--help"])]) {
      const long = (await onTerminal(places, ...argv)).filter((line) => widthOf(line) > places);
      // Only what may be copied is not broken.
      expect(long.filter((line) => places > 40 && !line.startsWith("  h5ts "))).toEqual([]);
    }
  });

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
    [["help", "t"], ["tree"]],
    [["weights", "c"], ["convert"]],
    [["weights", "convert", "a", "b", "--to", "saf"], ["safetensors"]],
    [
      ["ls", path, "--links", ""],
      ["none", "local", "any"],
    ],
    [["tree", "--depth", "2", path, "raw/c"], ["raw/curve"]],
    [
      ["preview", `${path}:/raw/`],
      [`${path}:/raw/curve`, `${path}:/raw/images`],
    ],
  ])("of %j", async (words, found) => expect(await complete(...words)).toEqual(found));

  it.each(["bash", "zsh", "fish"])("is there for %s", async (shell) => {
    expect((await ran("completion", shell)).out).toContain("h5ts completion words --");
    expect((await ran("completion", "csh")).code).toBe(2);
  });
});

describe.skipIf(spawnSync("bash", ["--version"]).status !== 0)("completion in bash", () => {
  it.each([
    ["h5ts ls --dr", "--driver"],
    ["h5ts preview some.h5:/ra", "/raw"],
    ["h5ts weights ", "ls convert diff"],
  ])("%s", (line, found) => {
    const script = `h5ts() { local IFS=' '; printf '%s\\n' "$*" >> asked; case "$*" in
      *:/ra) echo some.h5:/raw;; *--dr) echo --driver;; *) printf 'ls\\nconvert\\ndiff\\n';; esac }
      eval "$SCRIPT"; COMP_LINE=$LINE COMP_POINT=\${#LINE}; _h5ts; echo "\${COMPREPLY[@]}"`;
    const [SCRIPT = ""] = scripts;
    const env = { ...process.env, SCRIPT, LINE: line };
    expect(execFileSync("bash", ["-c", script], { cwd: folder, env, encoding: "utf8" }).trim()).toBe(found);
    const asked = readFileSync(join(folder, "asked"), "utf8").trimEnd().split("\n").at(-1);
    expect(asked?.trimEnd()).toBe(`completion words --${line.replace(/^h5ts/, "")}`.trimEnd());
  });

  const scripts: string[] = [];
  beforeAll(async () => void scripts.push((await ran("completion", "bash")).out));
});

describe("manual pages", () => {
  const pages = manualPages(COMMANDS, VERSION);

  it("are one a command, and those that the package has", () => {
    const { man } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { man: string[] };
    expect(man).toEqual(Object.keys(pages).map((name) => `./dist/man/${name}`));
    expect(pages["h5ts-tree.1"]).toContain('.SH "OPTIONS"\n.TP\n.B \\-\\-depth N\nlevels of groups to enter.');
  });
});

it("a bar of progress fits its line, whatever is worked at", () => {
  const written: string[] = [];
  const output = { out: expect.fail, err: expect.fail, isTerminal: true };
  const bar = progressOn(output, { write: (text) => written.push(text), columns: 60 });
  bar.show(1, 3, `/a/${"long/".repeat(20)}path\u001b[2J`);
  bar.clear();
  const [line = "", end] = written.map((text) => text.replaceAll("\u001b[2K", "").replaceAll("\r", ""));
  expect(line).toMatch(/^\[########\.{16}\] 1\/3 ….*path\\u001b\[2J$/);
  expect(widthOf(line)).toBe(59);
  expect(end).toBe("");
});

describe("standard input is a file", () => {
  it.each([
    [["ls", "-", "/raw"], "curve   dataset (5,) <f4\nimages  dataset (3, 40, 60) <f8"],
    [["ls", "-:/raw/curve"], "curve  dataset (5,) <f4"],
    [["stat", "-"], /^datasets +5$/m],
    [["dump", "-:/raw/curve", "--limit", "1"], /and 4 more/],
    [["check", "-"], /^sound: /m],
    [["digest", "-"], /"filesha256":"[0-9a-f]{64}"/],
    [["diff", path, "-"], ""],
    [["repack", "-", join(folder, "repacked.h5")], / became /],
    [["copy", "-:/raw", `${join(folder, "copied.h5")}:/raw`], ""],
    [["preview", "-:/raw/curve"], /0 to 4/],
  ])("%j", async (argv, wanted) => {
    const { code, out, err } = await withStdin(storage.toUint8Array(), () => ran(...argv));
    expect([code, err]).toEqual([0, ""]);
    expect(out).toEqual(typeof wanted === "string" ? wanted : expect.stringMatching(wanted));
  });

  it.each([
    [["recover", "-"], /FILE must be a path/],
    [["repack", path, "-"], /OUT must be a path/],
    [["copy", path, "-"], /DST must be a path/],
    [["virtual", "-", "--stack", "0", `${path}:/raw/curve`], /OUT.h5 must be a path/],
    [["diff", "-", "-"], /can be one of them/],
  ])("not for %j", async (argv, message) => {
    const { code, err } = await ran(...argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
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
