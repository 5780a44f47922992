import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Behaviour, failFirst, type RangeServer, startRangeServer } from "../../../test/support/range-server.ts";
import { HttpStorage } from "./http-storage.ts";
import type { HttpOptions } from "./options.ts";

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
let server: RangeServer;
beforeEach(async () => {
  server = await startRangeServer({ "a.h5": bytes, "empty.h5": new Uint8Array(), "b/c.h5": bytes });
});
afterEach(() => server.close());

const quick: HttpOptions = { retryDelay: 1, timeout: 5000 };
const open = (options: HttpOptions = {}, path = "a.h5"): HttpStorage =>
  new HttpStorage(server.url(path), { ...quick, ...options });

describe("in good order", () => {
  it("reads ranges, learns size and version from the first answer, and pins them", async () => {
    const storage = open({ headers: { "X-Key": "k" } });
    expect(await storage.read([{ at: 10, length: 20 }])).toEqual([bytes.slice(10, 30)]);
    expect(await storage.size()).toBe(100_000);
    expect(
      await storage.read([
        { at: 99_990, length: 50 },
        { at: 100_000, length: 5 },
        { at: 0, length: 0 },
      ]),
    ).toEqual([bytes.slice(99_990), new Uint8Array(), new Uint8Array()]);
    expect(
      server.requests.map(({ method, headers }) => [method, headers.range, headers["if-match"], headers["x-key"]]),
    ).toEqual([
      ["GET", "bytes=10-29", undefined, "k"],
      ["GET", "bytes=99990-99999", '"v1"', "k"],
    ]);
    expect(server.requests[0].headers.cookie).toBeUndefined();
  });

  it("fills the caller's buffer", async () => {
    const into = new Uint8Array(30);
    const [outcome] = await open().read([{ at: 5, length: 30, into }]);
    expect(into).toEqual(bytes.slice(5, 35));
    expect((outcome as Uint8Array).buffer).toBe(into.buffer);
  });

  it("keeps at least eight requests in flight, and no more than it is told", async () => {
    server.behaviour.latency = 200;
    const extents = Array.from({ length: 40 }, (_, i) => ({ at: i * 100, length: 10 }));
    await open().read(extents);
    // Sixteen, but on a machine that is too busy to send them all before the first is answered.
    expect(server.peakInFlight).toBeGreaterThanOrEqual(8);
    expect(server.peakInFlight).toBeLessThanOrEqual(16);
    server.reset();
    await open({ parallel: 8 }).read(extents);
    expect(server.peakInFlight).toBeLessThanOrEqual(8);
  });

  it("tells the size before anything is read, by a range too, which is kept", async () => {
    const storage = open();
    expect(await storage.size()).toBe(100_000);
    expect(await storage.read([{ at: 100, length: 65_436 }])).toEqual([bytes.slice(100, 65_536)]);
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(server.bytesSent).toBe(65_536);
    expect(await open({}, "empty.h5").size()).toBe(0);
    expect(await open({}, "empty.h5").read([{ at: 0, length: 10 }])).toEqual([new Uint8Array()]);
  });
});

describe("misbehaviour that is borne", () => {
  const cases: [name: string, behaviour: Behaviour, requests: number][] = [
    ["no ranges", { ignoreRange: true }, 1],
    ["parts only", { maxRange: 400 }, 4],
    ["no Content-Range", { contentRange: "absent" }, 2],
    ["no total", { contentRange: "no-total" }, 2],
    ["compressed", { gzip: true }, 2],
    ["no tag", { etag: null }, 2],
    ["a weak tag", { etag: 'W/"v1"' }, 2],
    ["a redirect each time", { fault: (_, request) => (request.path === "a.h5" ? { redirect: "/b/c.h5" } : {}) }, 3],
    ["failures at first", { fault: failFirst(3) }, 5],
    ["too many requests", { fault: failFirst(1, { status: 429, retryAfter: 0 }) }, 3],
    ["broken connections", { fault: failFirst(2, { connection: "reset" }) }, 4],
    ["a cut body", { fault: failFirst(1, { cut: 100 }) }, 3],
    ["a silent server", { fault: failFirst(1, { connection: "hang" }) }, 3],
  ];
  it.each(cases)("%s", async (name, behaviour, requests) => {
    server.behaviour = behaviour;
    const storage = open(name === "a silent server" ? { timeout: 1000 } : {});
    expect(await storage.read([{ at: 100, length: 900 }])).toEqual([bytes.slice(100, 1000)]);
    expect(await storage.read([{ at: 99_800, length: 200 }])).toEqual([bytes.slice(99_800)]);
    expect(server.requests.length).toBe(requests);
    expect(await storage.size()).toBe(100_000);
  });

  it("no ranges: the file is asked for once by all who wait", async () => {
    server.behaviour = { ignoreRange: true, latency: 10 };
    const storage = open();
    const outcomes = await storage.read([
      { at: 1, length: 2 },
      { at: 100, length: 3 },
      { at: 99_999, length: 30 },
    ]);
    expect(outcomes).toEqual([bytes.slice(1, 3), bytes.slice(100, 103), bytes.slice(99_999)]);
    expect(await storage.size()).toBe(100_000);
    expect(await storage.read([{ at: 50, length: 5 }])).toEqual([bytes.slice(50, 55)]);
    expect(server.requests.length).toBe(3);
  });

  it("a redirect whose target is no longer valid", async () => {
    server.behaviour.fault = (_, request) => (request.path === "a.h5" ? { redirect: "/b/c.h5" } : {});
    const storage = open();
    await storage.read([{ at: 0, length: 8 }]);
    server.behaviour.fault = (_, request) => (request.path === "a.h5" ? {} : { status: 403 });
    expect(await storage.read([{ at: 8, length: 8 }])).toEqual([bytes.slice(8, 16)]);
  });
});

describe("misbehaviour that is refused", () => {
  const range = /answered what was not asked for/;
  const cases: [name: string, behaviour: Behaviour, error: string, message: RegExp, requests: number][] = [
    ["another range", { shift: 5 }, "StorageError", range, 1],
    ["a range other than said", { contentRange: "wrong" }, "StorageError", range, 1],
    ["lost for good", { status: 503 }, "StorageError", /status 503/, 5],
    ["forbidden", { status: 403 }, "StorageError", /403/, 1],
    ["absent", { status: 404 }, "NotFoundError", /there is no file/, 1],
    ["a teapot", { status: 418 }, "StorageError", /418/, 1],
    ["broken for good", { connection: "reset" }, "StorageError", /connection failed/, 5],
    ["silent for good", { connection: "hang" }, "StorageError", /nothing came for 300 ms/, 5],
    ["always cut", { cut: 10 }, "StorageError", /connection failed|ended after/, 5],
    [
      "an unreadable Content-Range",
      { headers: { "Content-Range": "apples 1-2/3" }, contentRange: "absent" },
      "StorageError",
      range,
      1,
    ],
  ];
  it.each(cases)("%s", async (_, behaviour, name, message, requests) => {
    server.behaviour = behaviour;
    const [outcome] = await open({ timeout: behaviour.connection === "hang" ? 300 : 5000 }).read([
      { at: 100, length: 900 },
    ]);
    expect(outcome).toMatchObject({ name, message: expect.stringMatching(message) });
    expect(server.requests.length).toBe(requests);
  });

  it("no ranges and too large to take whole", async () => {
    server.behaviour.ignoreRange = true;
    const [outcome] = await open({ wholeFileBytes: 50_000 }).read([{ at: 0, length: 8 }]);
    expect(outcome).toMatchObject({
      name: "StorageError",
      message: expect.stringMatching(/option http.wholeFileBytes/),
    });
  });
});

describe("a file that changes while it is read", () => {
  const changes: [name: string, change: () => void][] = [
    ["its tag", () => (server.behaviour.etag = '"v2"')],
    ["its weak tag", () => (server.behaviour.etag = 'W/"v2"')],
    ["its size", () => server.files.set("a.h5", bytes.slice(0, 99_000))],
    ["its date", () => (server.behaviour.headers = { "Last-Modified": "Thu, 02 Jan 2020 00:00:00 GMT" })],
  ];
  it.each(changes)("%s", async (_, change) => {
    server.behaviour.headers = { "Last-Modified": "Wed, 01 Jan 2020 00:00:00 GMT" };
    const storage = open();
    await storage.read([{ at: 0, length: 8 }]);
    change();
    const [outcome] = await storage.read([{ at: 500, length: 8 }]);
    expect(outcome).toMatchObject({
      name: "StorageError",
      message: expect.stringMatching(/has changed since it was opened/),
    });
  });
});

describe("cancelling", () => {
  it("rejects with the caller's reason, during a request and during a pause", async () => {
    for (const behaviour of [{ connection: "hang" as const }, { status: 503, retryAfter: 20 }]) {
      server.behaviour = behaviour;
      const stop = new AbortController();
      const reading = open({ timeout: 60_000 }).read([{ at: 0, length: 8 }], stop.signal);
      setTimeout(() => stop.abort(new Error("enough")), 30);
      await expect(reading).rejects.toThrow("enough");
    }
  });
});

describe("redirects under a rule", () => {
  it("are followed where it allows, and not asked for where not", async () => {
    server.behaviour.fault = (_, request) => (request.path === "a.h5" ? { redirect: "/b/c.h5" } : {});
    const allowed = await open({ redirect: (to) => to.pathname.startsWith("/b/") }).read([{ at: 3, length: 4 }]);
    expect(allowed).toEqual([bytes.slice(3, 7)]);
    server.reset();
    const [refused] = await open({ redirect: () => false }).read([{ at: 3, length: 4 }]);
    expect(refused).toMatchObject({ name: "PolicyError", found: server.url("b/c.h5") });
    expect(server.requests.map(({ path }) => path)).toEqual(["a.h5"]);
  });

  it("do not go on for ever", async () => {
    server.behaviour.redirect = "/a.h5";
    const [outcome] = await open({ redirect: () => true }).read([{ at: 3, length: 4 }]);
    expect(outcome).toMatchObject({ message: expect.stringMatching(/more than 8 redirects/) });
  });

  it("do not carry the caller's headers to another origin", async () => {
    const other = await startRangeServer({ "a.h5": bytes });
    server.behaviour.redirect = other.url("a.h5");
    for (const redirect of [undefined, () => true]) {
      const storage = open({ headers: { Authorization: "Bearer secret" }, redirect });
      await storage.read([{ at: 3, length: 4 }]);
      expect(await storage.read([{ at: 7, length: 4 }])).toEqual([bytes.slice(7, 11)]);
    }
    expect(other.requests.length).toBe(4);
    expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    await other.close();
  });
});
