/** In Chromium: one view over four files that were dropped on the page, and over four URLs. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSync, VirtualLayout, VirtualSource } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { type BrowserPage, openPage } from "./browser.ts";

const PARTS = [0, 1, 2, 3];
const ROW = 1000;

interface Seen {
  readonly shape: readonly number[];
  readonly sums: number[];
  readonly one: number;
}

declare global {
  /** Reads the view `master.h5` of the files that were dropped last; or of a URL. */
  function readView(url?: string): Promise<Seen>;
  /** Drops what the input holds on the page. */
  function drop(): void;
}

const PROGRAM = `
  import { open, slice } from "h5ts";
  let dropped = new Map();
  document.addEventListener("drop", (event) => {
    dropped = new Map([...event.dataTransfer.files].map((file) => [file.name, file]));
  });
  globalThis.drop = () => {
    const dataTransfer = new DataTransfer();
    for (const file of document.querySelector("input").files) dataTransfer.items.add(file);
    document.dispatchEvent(new DragEvent("drop", { dataTransfer }));
  };
  globalThis.readView = async (url) => {
    const file = url === undefined ? await open(dropped.get("master.h5"), "r", { links: dropped }) : await open(url);
    const view = await file.dataset("all", "f8");
    const { data, shape } = await view.read();
    const sums = [];
    for (let row = 0; row < shape[0]; row++) sums.push(data.subarray(row * shape[1], (row + 1) * shape[1]).reduce((a, b) => a + b, 0));
    const one = (await view.read([2, 7])).item();
    await file.close();
    return { shape: [...view.shape], sums, one };
  };
`;

const elementOf = (part: number, i: number): number => part * 10_000 + i;

describeWith("chromium", "views in a browser", (executable) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-browser-views-"));
  const names = [...PARTS.map((part) => `part${part}.h5`), "master.h5"];
  let browser: BrowserPage;

  beforeAll(async () => {
    const layout = new VirtualLayout({ shape: [PARTS.length, ROW], dtype: "f8" });
    for (const part of PARTS) {
      const file = openSync(join(folder, `part${part}.h5`), "w");
      const data = Float64Array.from({ length: ROW }, (_, i) => elementOf(part, i));
      file.createDataset("row", { data, chunks: [300], compression: "gzip", shuffle: true });
      file.close();
      layout.set([part], new VirtualSource(`part${part}.h5`, "row", { shape: [ROW] }));
    }
    const master = openSync(join(folder, "master.h5"), "w");
    master.createVirtualDataset("all", layout);
    master.close();
    const served = names.map((name) => [`run/${name}`, readFileSync(join(folder, name))] as const);
    browser = await openPage(executable, PROGRAM, Object.fromEntries(served));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const expected: Seen = {
    shape: [PARTS.length, ROW],
    sums: PARTS.map((part) => Array.from({ length: ROW }, (_, i) => elementOf(part, i)).reduce((a, b) => a + b, 0)),
    one: elementOf(2, 7),
  };

  it("over four files that were dropped", async () => {
    const { page } = browser;
    await page.evaluate(() => document.querySelector("input")?.setAttribute("multiple", ""));
    await page.setInputFiles(
      "input",
      names.map((name) => join(folder, name)),
    );
    await page.evaluate(() => drop());
    expect(await page.evaluate(() => readView())).toEqual(expected);
  });

  it("over four URLs, side by side, each asked for once", async () => {
    const { page, server } = browser;
    server.reset();
    server.behaviour = { latency: 250 };
    expect(await page.evaluate((url) => readView(url), server.url("run/master.h5"))).toEqual(expected);
    const asked = server.requests.filter(({ path }) => path.includes("part"));
    expect(new Set(asked.map(({ path }) => path)).size).toBe(4);
    expect(server.peakInFlight).toBeGreaterThanOrEqual(4);
    server.behaviour = {};
  });
});
