/** The small reader as it is built, without what writes: it reads every fixture as libhdf5 does. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Digest from "@h5ts/cli";
import type * as Reader from "h5ts/reader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleReader } from "../packages/h5ts/scripts/build-reader.ts";
import { differences, differenceText } from "./support/compare.ts";
import { readJson, type Truth } from "./support/corpus.ts";

const fixtures = fileURLToPath(new URL("fixtures/files", import.meta.url));
const names = readdirSync(fixtures)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

/** Both in one bundle: the digest asks for classes of the reader. Of the command line no more: other commands bring libraries. */
const CONTENTS = `
  export * from "h5ts/reader";
  export { digestFile } from "../packages/cli/src/digest/digest-file.ts";
`;

describe("the built reader", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-reader-"));
  let built: typeof Reader & Pick<typeof Digest, "digestFile">;
  beforeAll(async () => {
    const outfile = join(folder, "reader.mjs");
    await bundleReader(
      { stdin: { contents: CONTENTS, resolveDir: fileURLToPath(new URL(".", import.meta.url)) } },
      outfile,
    );
    built = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(names)("%s", async (name) => {
    const { digestFile, open, openSource, openSourceSync, openSync } = built;
    const path = join(fixtures, name);
    const truth = readJson<Truth>(`${path}.json`);
    const async = await open(await openSource(path));
    expect(differences(truth, await digestFile(name, async, { values: true })).map(differenceText)).toEqual([]);
    await async.close();
    using sync = openSync(openSourceSync(path));
    expect(differences(truth, await digestFile(name, sync)).map(differenceText)).toEqual([]);
  });
});
