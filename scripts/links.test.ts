import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { addresses, HOSTS, linked, pages } from "./links.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

it("finds addresses, but not those of examples", () => {
  const text =
    "[a](https://a.org/b). See https://b.org/c?d=1, `https://example.org/x.h5`, http://localhost:1/ and <http://c.org>.";
  expect(addresses(text)).toEqual(["https://a.org/b", "https://b.org/c?d=1", "http://c.org"]);
});

it("no page leads to a host that nobody has looked at (npm run links asks the addresses)", () => {
  const all = [...linked().keys()];
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((address) => !HOSTS.has(new URL(address).host))).toEqual([]);
});

it("addresses of the repository itself are those of files that it has", () => {
  const own = [...linked().keys()].flatMap(
    (one) => /^https:\/\/github\.com\/h5ts\/h5ts\/\w+\/main\/(.*)$/.exec(one)?.[1] ?? [],
  );
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** The anchor of a heading, as GitHub and typedoc make it. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[`*[\]]|\([^)]*\)/g, "")
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

it.each(pages())("%s leads to files and headings that are there", (page) => {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  const broken: string[] = [];
  for (const [, target = "", anchor] of text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
    const path = target === "" ? join(root, page) : join(root, dirname(page), target);
    if (!existsSync(path)) broken.push(target);
    else if (anchor !== undefined && path.endsWith(".md")) {
      const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm)].map((one) => slug(one[1] ?? ""));
      if (!headings.includes(anchor)) broken.push(`${target}#${anchor}`);
    }
  }
  expect(broken).toEqual([]);
});
