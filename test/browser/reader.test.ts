import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RangeServer, startRangeServer } from "../../packages/core/test/support/range-server.ts";
import { type SampleValues, sampleBytes } from "../../scripts/sample-file.ts";
import { describeWith } from "../support/clients.ts";
import { type BrowserPage, openPage } from "./browser.ts";

/** What the page reads of a file, as plain values that cross to Node. */
interface Summary {
  readonly keys: string[];
  readonly title: unknown;
  readonly images: { readonly shape: readonly number[]; readonly dtype: string; readonly data: number[] };
  readonly slice: number[];
  readonly means: number[];
  readonly labels: string[];
}

type Access = "file" | "url" | "bytes" | "opfs" | "sync";

declare global {
  /** Reads the file that was picked, or that stands at a URL, in one of the ways that a browser has. */
  function summarize(access: Access, url?: string): Promise<Summary>;
}

/** The small entry leaves it to `openSource` to look up what is not in hand. */
const PROGRAM = (entry: string): string => `
  import * as entry from "${entry}";
  const { openSync, slice } = entry;
  const open = async (source) => entry.open(${entry === "h5ts" ? "source" : "await entry.openSource(source)"});
  const bytes = async (url) => (await fetch(url)).arrayBuffer();
  async function opened(access, url) {
    if (access === "file") return entry.open(document.querySelector("input").files[0]);
    if (access === "url") return open(url);
    if (access === "bytes") return entry.open(await bytes(url));
    if (access === "sync") return openSync(await bytes(url));
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle("sample.h5", { create: true });
    const stream = await handle.createWritable();
    await stream.write(await bytes(url));
    await stream.close();
    return open(handle);
  }
  globalThis.summarize = async (access, url) => {
    const file = await opened(access, url);
    const images = await file.dataset("latest", "u2");
    const all = await images.read();
    const part = await images.read([3, slice(0, 32, 8), 5]);
    const means = await (await file.dataset("processed/means", "f8")).read();
    const labels = await (await file.dataset("raw/labels")).read();
    const result = {
      keys: await file.keys(),
      title: await file.attrs.get("title"),
      images: { shape: [...all.shape], dtype: all.dtype.name, data: [...all.data] },
      slice: [...part.data],
      means: [...means.data],
      labels: [...labels.data],
    };
    await file.close();
    return result;
  };
`;

function expected({ images, means, labels }: SampleValues): Summary {
  return {
    keys: ["latest", "processed", "raw"],
    title: "A sample of h5ts",
    images: { shape: [8, 32, 32], dtype: "uint16", data: [...images] },
    slice: [0, 8, 16, 24].map((row) => images[3 * 1024 + row * 32 + 5] as number),
    means: [...means],
    labels: [...labels],
  };
}

describeWith("chromium", "h5ts in a browser", (executable) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-browser-"));
  const path = join(folder, "sample.h5");
  let values: SampleValues;
  /** Of another origin than the page's. */
  let other: RangeServer;
  const pages = new Map<string, BrowserPage>();

  beforeAll(async () => {
    const made = await sampleBytes(path);
    values = made.values;
    other = await startRangeServer({ "sample.h5": made.bytes });
    for (const entry of ["h5ts", "h5ts/reader"]) {
      pages.set(entry, await openPage(executable, PROGRAM(entry), { "sample.h5": made.bytes }));
    }
  });
  afterAll(async () => {
    for (const page of pages.values()) await page.close();
    await other?.close();
    rmSync(folder, { recursive: true });
  });

  const cases = ["h5ts", "h5ts/reader"].flatMap((entry) =>
    (["file", "url", "bytes", "sync", "opfs"] as const).map((access): [string, Access] => [entry, access]),
  );
  it.each(cases)("%s reads from: %s", async (entry, access) => {
    const { page, server } = pages.get(entry) as BrowserPage;
    if (access === "file") await page.setInputFiles("input", path);
    const url = server.url("sample.h5");
    expect(await page.evaluate(([a, b]) => summarize(a, b), [access, url] as const)).toEqual(expected(values));
  });

  it("asks for ranges of a URL, not for the whole file", async () => {
    const { page, server } = pages.get("h5ts") as BrowserPage;
    server.reset();
    await page.evaluate((url) => summarize("url", url), server.url("sample.h5"));
    const asked = server.requests.filter(({ path: of }) => of === "sample.h5");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 206));
  });

  it("reads from a URL of another origin that allows it", async () => {
    const { page } = pages.get("h5ts") as BrowserPage;
    const found = await page.evaluate((url) => summarize("url", url), other.url("sample.h5"));
    expect(found).toEqual(expected(values));
  });
});
