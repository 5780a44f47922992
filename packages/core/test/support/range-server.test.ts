import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Behaviour, failFirst, type RangeServer, startRangeServer } from "./range-server.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
let server: RangeServer;

beforeEach(async () => {
  server = await startRangeServer({ "a.h5": bytes });
});
afterEach(() => server.close());

const get = (headers: Record<string, string> = {}, path = "a.h5", init: RequestInit = {}): Promise<Response> =>
  fetch(server.url(path), { ...init, headers });
const body = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());

describe("ranges", () => {
  const cases: [header: string, status: number, start: number, end: number, contentRange: string | null][] = [
    ["bytes=0-7", 206, 0, 8, "bytes 0-7/1000"],
    ["bytes=990-2000", 206, 990, 1000, "bytes 990-999/1000"],
    ["bytes=990-", 206, 990, 1000, "bytes 990-999/1000"],
    ["bytes=-10", 206, 990, 1000, "bytes 990-999/1000"],
    ["bytes=1000-1001", 416, 0, 0, "bytes */1000"],
    ["bytes=0-1,4-5", 200, 0, 1000, null],
    ["bytes=9-3", 200, 0, 1000, null],
  ];
  it.each(cases)("%s", async (header, status, start, end, contentRange) => {
    const response = await get({ range: header });
    expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
    expect(await body(response)).toEqual(bytes.slice(start, end));
    expect(server.bytesSent).toBe(end - start);
  });

  it("serves files of the disk", async () => {
    const folder = await mkdtemp(join(tmpdir(), "h5ts-range-"));
    await writeFile(join(folder, "b.bin"), bytes);
    server.files.set("b.bin", join(folder, "b.bin"));
    expect(await body(await get({ range: "bytes=5-9" }, "b.bin"))).toEqual(bytes.slice(5, 10));
    await rm(folder, { recursive: true });
  });

  it("names the type of pages and scripts", async () => {
    for (const name of ["a.html", "a.js", "a.h5"]) server.files.set(name, bytes);
    const types = ["a.html", "a.js", "a.h5"].map(async (name) => (await get({}, name)).headers.get("content-type"));
    expect(await Promise.all(types)).toEqual([
      "text/html; charset=utf-8",
      "text/javascript; charset=utf-8",
      "application/octet-stream",
    ]);
  });

  it("answers HEAD with the size, unknown paths with 404 and other methods with 405", async () => {
    const head = await get({}, "a.h5", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), server.bytesSent]).toEqual([200, "1000", 0]);
    expect((await get({}, "none")).status).toBe(404);
    expect((await get({}, "a.h5", { method: "POST" })).status).toBe(405);
  });
});

describe("conditions", () => {
  const cases: [headers: Record<string, string>, etag: string | null, status: number][] = [
    [{ "if-match": '"v1"' }, '"v1"', 206],
    [{ "if-match": '"v1"' }, '"v2"', 412],
    [{ "if-match": 'W/"v1"' }, 'W/"v1"', 412],
    [{ "if-match": '"v1"' }, null, 412],
    [{ "if-range": '"v1"' }, '"v1"', 206],
    [{ "if-range": '"v1"' }, '"v2"', 200],
  ];
  it.each(cases)("%j with tag %j", async (headers, etag, status) => {
    server.behaviour.etag = etag;
    const response = await get({ range: "bytes=0-7", ...headers });
    expect([response.status, response.headers.get("etag")]).toEqual([status, etag]);
  });
});

describe("misbehaviour", () => {
  const range = { range: "bytes=10-19" };
  const answers: [Behaviour, status: number, contentRange: string | null, expected: Uint8Array][] = [
    [{ ignoreRange: true }, 200, null, bytes],
    [{ maxRange: 4 }, 206, "bytes 10-13/1000", bytes.slice(10, 14)],
    [{ shift: 3 }, 206, "bytes 13-22/1000", bytes.slice(13, 23)],
    [{ contentRange: "absent" }, 206, null, bytes.slice(10, 20)],
    [{ contentRange: "no-total" }, 206, "bytes 10-19/*", bytes.slice(10, 20)],
    [{ contentRange: "wrong" }, 206, "bytes 11-20/1000", bytes.slice(10, 20)],
    [{ gzip: true }, 206, "bytes 10-19/1000", bytes.slice(10, 20)],
    [{ status: 403 }, 403, null, new Uint8Array()],
    [{ fault: (index) => (index === 0 ? { redirect: "/a.h5" } : {}) }, 206, "bytes 10-19/1000", bytes.slice(10, 20)],
  ];
  it.each(answers)("%j", async (behaviour, status, contentRange, expected) => {
    server.behaviour = behaviour;
    const response = await get(range);
    expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
    expect(await body(response)).toEqual(expected);
  });

  it("drops the connection within the body", async () => {
    server.behaviour.cut = 4;
    const response = await get(range);
    expect(response.headers.get("content-length")).toBe("10");
    await expect(body(response)).rejects.toThrow();
    expect(server.requests[0]?.sent).toBe(6);
  });

  it("drops the connection before an answer", async () => {
    server.behaviour.connection = "reset";
    await expect(get(range)).rejects.toThrow();
  });

  it("never answers", async () => {
    server.behaviour.connection = "hang";
    await expect(get({}, "a.h5", { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  });

  it("fails the first requests only", async () => {
    server.behaviour.fault = failFirst(2, { status: 503, retryAfter: 1 });
    const statuses = [await get(), await get(), await get()].map((r) => [r.status, r.headers.get("retry-after")]);
    expect(statuses).toEqual([
      [503, "1"],
      [503, "1"],
      [200, null],
    ]);
  });
});

it("counts rounds and requests in flight", async () => {
  server.behaviour.latency = 30;
  const batch = async (count: number): Promise<void> => {
    await Promise.all(Array.from({ length: count }, async () => body(await get({ range: "bytes=0-7" }))));
  };
  await batch(3);
  await batch(2);
  expect([server.requests.length, server.rounds, server.peakInFlight, server.bytesSent]).toEqual([5, 2, 3, 40]);
  server.reset();
  expect([server.requests.length, server.rounds, server.peakInFlight, server.bytesSent]).toEqual([0, 0, 0, 0]);
});
