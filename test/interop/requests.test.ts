/** What a remote file costs: requests, bytes and rounds that depend on one another, at a latency of 30 ms. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dataset, type H5File, open, slice } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RangeServer, startRangeServer } from "../../packages/core/test/support/range-server.ts";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("make_request_files.py", import.meta.url));
/** Milliseconds before each answer. */
const LATENCY = 30;
const MB = 1e6;

interface Most {
  readonly requests: number;
  readonly bytes: number;
  readonly rounds: number;
}

describeWith("python", "requests over HTTP", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-requests-"));
  let server: RangeServer;

  beforeAll(async () => {
    execFileSync(python, [script, folder]);
    const names = ["earliest.h5", "paged.h5"];
    for (const name of names) expect(statSync(join(folder, name)).size).toBeGreaterThan(64 * MB);
    server = await startRangeServer(Object.fromEntries(names.map((name) => [name, join(folder, name)])), {
      latency: LATENCY,
    });
  }, 120_000);

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs `use` on a file that was just opened, and holds all that it took against the most. */
  async function within(name: string, most: Most, use: (file: H5File<"async">) => Promise<void>): Promise<void> {
    server.reset();
    const file = await open(server.url(name));
    await use(file);
    const { rounds, bytesSent: bytes } = server;
    const requests = server.requests.length;
    await file.close();
    console.log(
      `${expect.getState().currentTestName}: ${requests} requests, ${(bytes / MB).toFixed(2)} MB, ${rounds} rounds`,
    );
    expect(requests).toBeLessThanOrEqual(most.requests);
    expect(bytes).toBeLessThanOrEqual(most.bytes);
    expect(rounds).toBeLessThanOrEqual(most.rounds);
  }

  /** Names, shapes and dtypes of all datasets, group by group. */
  async function list(file: H5File<"async">): Promise<void> {
    const found: string[] = [];
    const groups = (await file.entries()).flatMap(([, object]) => (object?.kind === "group" ? [object] : []));
    const entries = await Promise.all(groups.map((group) => group.entries()));
    for (const [name, object] of entries.flat()) {
      if (object?.kind === "dataset") found.push(`${name} ${object.shape} ${object.dtype}`);
    }
    expect(found).toHaveLength(1000);
    expect(found[51]).toBe("data01 17000 <f4");
  }

  /** The same by a visit. */
  async function visit(file: H5File<"async">): Promise<void> {
    let count = 0;
    await file.visitItems((_, object) => {
      if (object.kind === "dataset" && object.shape[0] === 17_000 && object.dtype.name === "float32") count++;
    });
    expect(count).toBe(1000);
  }

  async function crop(file: H5File<"async">): Promise<void> {
    const images: Dataset<"async"> = await file.dataset("images");
    const { data } = await images.read([5, slice(10, 20), slice(100, 110)]);
    const first = 5 * 65_536 + 10 * 256 + 100;
    expect((data as Uint16Array)[0]).toBe(first % 65_536);
  }

  // Rounds are counted by the server: on a busy machine an answer may come late, and a round look like two.
  const again = { retry: 3 };
  const earliest: Most = { requests: 250, bytes: 5 * MB, rounds: 6 };
  const paged: Most = { requests: 3, bytes: 5 * MB, rounds: 3 };

  it("listing an earliest file", again, () => within("earliest.h5", earliest, list));
  // A visit looks ahead in windows of bounded memory, each of which takes rounds of its own.
  it("visiting an earliest file", again, () => within("earliest.h5", { ...earliest, rounds: 12 }, visit));
  it("listing a paged file", again, () => within("paged.h5", paged, list));
  it("visiting a paged file", again, () => within("paged.h5", paged, visit));
  it("one slice of a chunked dataset, earliest", again, () =>
    within("earliest.h5", { ...earliest, requests: 6 }, crop),
  );
  it("one slice of a chunked dataset, paged", again, () => within("paged.h5", { ...paged, requests: 3 }, crop));
});
