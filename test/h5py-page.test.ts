/** The page "h5py -> h5ts" is complete over h5py's public names and h5ts's exports.
 * That every line of it compiles and runs is seen to by scripts/readme-examples.test.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as h5ts from "h5ts";
import * as reader from "h5ts/reader";
import { describe, expect, it } from "vitest";
import { type H5pyNames, isCovered, linesOf, reasonsOf } from "../scripts/h5py-page.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const page = readFileSync(`${docs}/h5py.md`, "utf8");
const { names } = JSON.parse(readFileSync(`${docs}/h5py-names.json`, "utf8")) as H5pyNames;
const all = Object.entries(names).flatMap(([owner, some]) => some.map((name) => [owner, name] as const));

describe("h5py -> h5ts", () => {
  const covered = new Set(linesOf(page).flatMap((line) => line.names));
  const missing = all.filter(([owner, name]) => !isCovered(owner, name, covered)).map((one) => one.join("."));

  it("covers 98 of 100 names, and gives reasons for the others", () => {
    expect(missing.sort()).toEqual(reasonsOf(page).sort());
    expect(all.length).toBeGreaterThan(180);
    expect(1 - missing.length / all.length).toBeGreaterThanOrEqual(0.98);
  });

  it("names nothing that h5py has not", () => {
    const known = new Set(all.map((one) => one.join(".")));
    expect([...covered].filter((name) => !known.has(name))).toEqual([]);
  });

  it("and the other pages name the exports of h5ts", () => {
    const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
    const text = pages.map((name) => readFileSync(`${docs}/${name}`, "utf8")).join("\n");
    const exported = Object.keys(h5ts);
    const absent = exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(absent.length, absent.join()).toBeLessThan(exported.length / 20);
  });

  it("names exports that are there", () => {
    const [section = ""] = page.split("## In h5ts, and not in h5py").slice(1);
    const named = [...section.matchAll(/`(\w+)`/g)].map((one) => one[1] ?? "");
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in h5ts || name in reader))).toEqual([]);
  });
});
