/** The command takes URLs wherever it takes paths. */
import { fileURLToPath } from "node:url";
import { type FileDigest, runCli } from "@h5ts/cli";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RangeServer, startRangeServer } from "../packages/core/test/support/range-server.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/files/${name}`, import.meta.url));
const names = ["strings_v110.h5", "external_earliest.h5", "external_earliest.raw", "external_earliest.raw2"];

let server: RangeServer;
beforeAll(async () => {
  server = await startRangeServer(Object.fromEntries(names.map((name) => [`data/${name}`, fixture(name)])));
});
afterAll(() => server.close());

async function printed(...argv: string[]): Promise<string> {
  const out: string[] = [];
  const err: string[] = [];
  const write = (to: string[]) => (text: string) => void to.push(text);
  expect(await runCli(argv, { out: write(out), err: write(err), isTerminal: false }), err.join()).toBe(0);
  return out.join("\n");
}

it.each(["strings_v110.h5", "external_earliest.h5"])("digest of %s", async (name) => {
  const remote = JSON.parse(await printed("digest", server.url(`data/${name}`))) as FileDigest;
  const local = JSON.parse(await printed("digest", fixture(name))) as FileDigest;
  expect(remote.objects).toEqual(local.objects);
  expect(remote.objects.length).toBeGreaterThan(1);
});

it.each(["ls", "tree", "stat"])("%s", async (command) => {
  const url = server.url("data/strings_v110.h5");
  expect(await printed(command, url)).toBe(await printed(command, fixture("strings_v110.h5")));
});
