import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { config } from "./fences.config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}/CONTRIBUTING.md`, "utf8");

/** Cells of the rows of the table under a heading, without its head. */
function tableAfter(marker: string): string[][] {
  const [, table = ""] = /\n((?:\|.*\n)+)/.exec(page.slice(page.indexOf(marker))) ?? [];
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("where a task begins", () => {
  const rows = tableAfter("## Where a task begins");

  it("is said of five tasks", () => {
    expect(rows.map(([task]) => task)).toEqual([
      "a header message",
      "a filter",
      "a chunk index",
      "a storage",
      "a fixture",
    ]);
  });

  it.each(rows)("%s: %s, %s", (task, folder, file) => {
    expect(statSync(`${root}/${folder}`).isDirectory()).toBe(true);
    expect(statSync(`${root}/${file}`).isFile()).toBe(true);
    expect(page).toMatch(new RegExp(`^\\*\\*${task}\\.\\*\\*`, "im"));
  });
});

it("names only files that exist", () => {
  const names = [...page.matchAll(/`((?:packages|scripts|test|\.ci)\/[\w./-]+)`/g)].map((match) => match[1] as string);
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) expect(() => statSync(`${root}/${name}`), name).not.toThrow();
});

it("maps the layers as the fences have them", () => {
  const folders = tableAfter("Layers inside").map(([name]) => (name as string).replace(/\/$|\.ts$/, ""));
  const known = Object.keys(config.layers.core as object).filter((name) => name !== "index");
  expect(new Set(folders)).toEqual(new Set(known));
});

it("lists the scripts of the workspace in the readme, and no others", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  const listed = [...readme.matchAll(/^\| `npm (?:run )?([\w:]+).*` /gm)].map((match) => match[1]);
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { scripts: Record<string, string> };
  expect(new Set(listed)).toEqual(new Set(Object.keys(scripts)));
});
