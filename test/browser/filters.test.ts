import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { type BrowserPage, openPage } from "./browser.ts";

/** Puts `inflate(bytes, size)` on the page: the codec that the default registry loads for a browser. */
const PROGRAM = `
  import { defaultFilters } from "@h5ts/filters";
  globalThis.inflate = async (bytes, size) => {
    const filter = defaultFilters.get(1);
    const codec = filter.codec ?? (await filter.load());
    return Array.from(codec.decode(Uint8Array.from(bytes), [6], { exact: size, max: size }));
  };
`;

declare global {
  function inflate(bytes: number[], size: number): Promise<number[]>;
}

describeWith("chromium", "filters in a browser", (executable) => {
  let opened: BrowserPage;
  beforeAll(async () => {
    opened = await openPage(executable, PROGRAM);
  });
  afterAll(() => opened?.close());

  it("inflate what zlib deflated", async () => {
    const plain = Array.from({ length: 10_000 }, (_, i) => (i * i) % 251);
    const stored = [...deflateSync(Uint8Array.from(plain))];
    expect(
      await opened.page.evaluate(([bytes, size]) => inflate(bytes, size), [stored, plain.length] as const),
    ).toEqual(plain);
  });
});
