import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RangeServer, startRangeServer } from "../../../test/support/range-server.ts";
import { isH5Error, PolicyError } from "../../errors.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import { read, type Steps } from "../../steps/steps.ts";
import { HttpStorage } from "../http/http-storage.ts";
import { MemoryStorage } from "../memory.ts";
import { NodeFileStorage } from "../node-file.ts";
import { openStorageSync } from "../open-storage.ts";
import { FolderPolicy } from "./folder-policy.ts";
import { type LinkOptions, linkPolicy } from "./link-policy.ts";

const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);

/** What the file says that a name means, or `undefined`. */
function* contentOf(policy: LinkPolicy, name: string): Steps<string | undefined> {
  const storage = yield* policy.storage(name, "external link");
  return storage && text((yield* read(storage, [{ at: 0, length: 100 }]))[0]);
}

let root: string;
let data: string;
beforeEach(() => {
  // /root/data is the folder of the opened file; /root/outside.h5 must never be opened.
  root = mkdtempSync(join(tmpdir(), "h5ts-links-"));
  data = join(root, "data");
  mkdirSync(join(data, "sub"), { recursive: true });
  mkdirSync(join(root, "data-too"));
  for (const name of ["outside.h5", "data-too/b.h5", "data/a.h5", "data/b.h5", "data/sub/c.h5", "data/sub/d.h5"])
    writeFileSync(join(root, name), name);
});
afterEach(() => rmSync(root, { recursive: true }));

describe("local, from a folder", () => {
  /** The policy, and the paths that it opened. */
  function spied(prefixes: string[] = []): { policy: FolderPolicy; opened: string[] } {
    const opened: string[] = [];
    const policy = FolderPolicy.of(data, prefixes, (path) => {
      opened.push(path);
      return new NodeFileStorage(path);
    });
    return { policy, opened };
  }

  const found: [name: string, content: string | undefined][] = [
    ["b.h5", "data/b.h5"],
    ["./sub/c.h5", "data/sub/c.h5"],
    ["none.h5", undefined],
    ["none/b.h5", undefined],
    ["b.h5/c.h5", undefined],
  ];
  it.each(found)("%s", (name, content) => {
    const { policy, opened } = spied();
    expect(runSync(contentOf(policy, name))).toBe(content);
    expect(opened.length).toBe(content === undefined ? 0 : 1);
  });

  const refused = ["../outside.h5", "../data-too/b.h5", "sub/../../outside.h5", "..\\outside.h5", ""];
  it.each(refused)("opens nothing for %j", async (name) => {
    const { policy, opened } = spied();
    expect(() => runSync(contentOf(policy, name))).toThrow(PolicyError);
    await expect(runAsync(contentOf(policy, name))).rejects.toThrow(PolicyError);
    expect(() => runSync(contentOf(policy, join(root, "outside.h5")))).toThrow(PolicyError);
    expect(opened).toEqual([]);
  });

  it("follows symbolic links within the folder only", () => {
    symlinkSync(join(data, "b.h5"), join(data, "inside.h5"));
    symlinkSync("../outside.h5", join(data, "leak.h5"));
    symlinkSync(root, join(data, "up"));
    symlinkSync(join(root, "data-too"), join(data, "too"));
    symlinkSync("nowhere", join(data, "dangling.h5"));
    symlinkSync("loop.h5", join(data, "loop.h5"));
    const { policy, opened } = spied();
    expect(runSync(contentOf(policy, "inside.h5"))).toBe("data/b.h5");
    expect(runSync(contentOf(policy, "dangling.h5"))).toBeUndefined();
    for (const name of ["leak.h5", "up/outside.h5", "too/b.h5"])
      expect(() => runSync(contentOf(policy, name))).toThrow(/symbolic link/);
    expect(() => runSync(contentOf(policy, "loop.h5"))).toThrow(/cannot follow/);
    expect(opened.length).toBe(1);
  });

  it("notices that a file was replaced by a link while it was opened", () => {
    const policy = FolderPolicy.of(data, [], (path) => {
      renameSync(path, `${path}.old`);
      symlinkSync(join(root, "outside.h5"), path);
      return new NodeFileStorage(path);
    });
    expect(() => runSync(contentOf(policy, "b.h5"))).toThrow(/symbolic link/);
  });

  it("works where the folder itself is reached by a link", () => {
    symlinkSync(data, join(root, "alias"));
    const policy = linkPolicy(new NodeFileStorage(join(root, "alias", "a.h5")));
    expect(runSync(contentOf(policy, "b.h5"))).toBe("data/b.h5");
  });

  it("looks beside a linked file first, and stays within the folder", () => {
    const { policy, opened } = spied();
    const inner = policy.within("sub/c.h5");
    expect(runSync(contentOf(inner, "d.h5"))).toBe("data/sub/d.h5");
    expect(runSync(contentOf(inner, "b.h5"))).toBe("data/b.h5");
    expect(runSync(contentOf(inner.within("sub/c.h5"), "c.h5"))).toBe("data/sub/c.h5");
    expect(opened.length).toBe(3);
    for (const name of ["../b.h5", "../../outside.h5"])
      expect(() => runSync(contentOf(inner, name))).toThrow(PolicyError);
    expect(() => runSync(contentOf(policy.within("../outside.h5"), "../outside.h5"))).toThrow(PolicyError);
    expect(() => runSync(contentOf(policy.within("../x"), "outside.h5"))).toThrow(/symbolic link|leads out/);
    expect(opened.length).toBe(3);
  });

  it("looks into prefixes first, and only where the caller gives them", () => {
    const { policy } = spied([join(root, "data-too")]);
    expect(runSync(contentOf(policy, "b.h5"))).toBe("data-too/b.h5");
    expect(runSync(contentOf(policy, "sub/c.h5"))).toBe("data/sub/c.h5");
    process.env.HDF5_EXT_PREFIX = join(root, "data-too");
    expect(runSync(contentOf(spied().policy, "b.h5"))).toBe("data/b.h5");
    delete process.env.HDF5_EXT_PREFIX;
  });
});

describe("local, from a URL", () => {
  let server: RangeServer;
  beforeEach(async () => {
    const names = ["data/a.h5", "data/b.h5", "data/sub/c.h5", "data/sub/d.h5", "data/100% sure?#.h5", "outside.h5"];
    server = await startRangeServer(Object.fromEntries(names.map((name) => [name, new TextEncoder().encode(name)])));
  });
  afterEach(() => server.close());
  const policyOf = (options: LinkOptions = {}): LinkPolicy =>
    linkPolicy(new HttpStorage(server.url("data/a.h5?key=1")), { http: { retries: 0 }, ...options });

  it("finds files below, with one request each, and tells absent ones", async () => {
    for (const [name, content] of [
      ["b.h5", "data/b.h5"],
      ["sub/c.h5", "data/sub/c.h5"],
      ["100% sure?#.h5", "data/100% sure?#.h5"],
      ["none.h5", undefined],
    ] as const) {
      server.reset();
      expect(await runAsync(contentOf(policyOf(), name))).toBe(content);
      expect(server.requests.length).toBe(1);
    }
    expect(await runAsync(contentOf(policyOf().within("sub/c.h5"), "d.h5"))).toBe("data/sub/d.h5");
  });

  it.each([
    "../outside.h5",
    "%2e%2e/outside.h5",
    "/outside.h5",
    "//example.org/x",
    "http://127.0.0.1:1/x",
    ".%2e%5coutside.h5",
  ])("asks nothing for %s", async (name) => {
    await expect(runAsync(contentOf(policyOf(), name))).rejects.toThrow(PolicyError);
    await expect(runAsync(contentOf(policyOf().within("sub/c.h5"), name))).rejects.toThrow(PolicyError);
    expect(server.requests).toEqual([]);
  });

  it("follows redirects within the same place only", async () => {
    const other = await startRangeServer({ "data/b.h5": Uint8Array.of(1) });
    const targets: [to: string, content: string | undefined][] = [
      ["/data/sub/c.h5", "data/sub/c.h5"],
      ["/outside.h5", undefined],
      ["/data/../outside.h5", undefined],
      [other.url("data/b.h5"), undefined],
    ];
    for (const [to, content] of targets) {
      server.reset();
      server.behaviour.fault = (_, request) => (request.path === "data/b.h5" ? { redirect: to } : {});
      const outcome = await runAsync(contentOf(policyOf(), "b.h5")).catch((error: unknown) => error);
      if (content === undefined) expect(isH5Error(outcome, "PolicyError")).toBe(true);
      else expect(outcome).toBe(content);
      expect(server.requests.map(({ path }) => path)).not.toContain("outside.h5");
    }
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it("passes on other failures", async () => {
    server.behaviour.status = 403;
    await expect(runAsync(contentOf(policyOf(), "b.h5"))).rejects.toMatchObject({ name: "StorageError" });
  });

  it("looks into prefixes of the caller's", async () => {
    const policy = policyOf({ links: { prefixes: [server.url("data/sub")] } });
    expect(await runAsync(contentOf(policy, "c.h5"))).toBe("data/sub/c.h5");
    expect(await runAsync(contentOf(policy, "b.h5"))).toBe("data/b.h5");
  });
});

describe("from bytes and Blobs", () => {
  const memory = new MemoryStorage(new Uint8Array(8), "some bytes");

  it("local leads nowhere, but to folders that the caller gives", () => {
    expect(() => runSync(contentOf(linkPolicy(memory), "b.h5"))).toThrow(/stands in no folder.*resolver/);
    expect(() => runSync(contentOf(linkPolicy(memory).within("x"), "b.h5"))).toThrow(PolicyError);
    const policy = linkPolicy(memory, { links: { prefixes: [join(root, "data-too"), data] } });
    expect(runSync(contentOf(policy, "b.h5"))).toBe("data-too/b.h5");
    expect(runSync(contentOf(policy, "sub/c.h5"))).toBe("data/sub/c.h5");
    expect(() => runSync(contentOf(policy, "../outside.h5"))).toThrow(PolicyError);
  });
});

describe("none", () => {
  it("opens nothing", () => {
    const policy = linkPolicy(new NodeFileStorage(join(data, "a.h5")), { links: "none" });
    expect(() => runSync(contentOf(policy, "b.h5"))).toThrow(/option links is "none"/);
    expect(() => runSync(contentOf(policy.within("b.h5"), "b.h5"))).toThrow(PolicyError);
  });
});

describe("a resolver", () => {
  it("is told what is asked for, and by which file", async () => {
    const asked: unknown[] = [];
    const policy = linkPolicy(new MemoryStorage(new Uint8Array(8), "first"), {
      links: (request) => {
        asked.push(request);
        return request.name === "none" ? undefined : new TextEncoder().encode(`for ${request.name}`);
      },
    });
    expect(runSync(contentOf(policy, "/any/name"))).toBe("for /any/name");
    expect(await runAsync(contentOf(policy.within("b"), "c"))).toBe("for c");
    expect(await runAsync(contentOf(policy, "none"))).toBeUndefined();
    expect(runSync(contentOf(policy, "none"))).toBeUndefined();
    expect(asked.slice(0, 2)).toEqual([
      { name: "/any/name", kind: "external link", from: "first" },
      { name: "c", kind: "external link", from: "b" },
    ]);
  });

  it("may wait in async mode, and only there", async () => {
    const links = async () => new Blob(["later"]);
    const policy = linkPolicy(new MemoryStorage(new Uint8Array(8)), { links });
    expect(await runAsync(contentOf(policy, "x"))).toBe("later");
    expect(() => runSync(contentOf(policy, "x"))).toThrow(/promise/);
    const blob = linkPolicy(new MemoryStorage(new Uint8Array(8)), { links: () => new Blob(["later"]) });
    expect(() => runSync(contentOf(blob, "x"))).toThrow(/synchronously/);
  });

  it("may refuse, and its errors are the caller's own", async () => {
    const links = () => {
      throw new PolicyError("not that one");
    };
    const policy = linkPolicy(new MemoryStorage(new Uint8Array(8)), { links });
    expect(() => runSync(contentOf(policy, "x"))).toThrow("not that one");
    await expect(runAsync(contentOf(policy, "x"))).rejects.toThrow("not that one");
  });
});

describe("any", () => {
  it("goes wherever the names say, and looks for lost absolute ones beside the file", async () => {
    const policy = linkPolicy(new NodeFileStorage(join(data, "a.h5")), { links: "any" });
    for (const [name, content] of [
      ["b.h5", "data/b.h5"],
      ["../outside.h5", "outside.h5"],
      [join(root, "outside.h5"), "outside.h5"],
      ["/no/such/folder/b.h5", "data/b.h5"],
      ["none.h5", undefined],
    ] as const) {
      expect(runSync(contentOf(policy, name))).toBe(content);
      expect(await runAsync(contentOf(policy, name))).toBe(content);
    }
    expect(runSync(contentOf(policy.within("sub/c.h5"), "d.h5"))).toBe("data/sub/d.h5");
  });

  it("goes to other servers, from files and URLs", async () => {
    const server = await startRangeServer({
      "x/b.h5": new TextEncoder().encode("b"),
      "c.h5": new TextEncoder().encode("c"),
    });
    const fromFile = linkPolicy(new NodeFileStorage(join(data, "a.h5")), { links: "any" });
    expect(await runAsync(contentOf(fromFile, server.url("x/b.h5")))).toBe("b");
    const fromUrl = linkPolicy(new HttpStorage(server.url("x/a.h5")), { links: { within: "any", prefixes: [] } });
    expect(await runAsync(contentOf(fromUrl, "b.h5"))).toBe("b");
    expect(await runAsync(contentOf(fromUrl, "none.h5"))).toBeUndefined();
    expect(await runAsync(contentOf(fromUrl.within(server.url("c.h5")), "c.h5"))).toBe("c");
    expect(() => runSync(contentOf(fromFile, server.url("x/b.h5")))).toThrow(/synchronously/);
    await server.close();
  });
});

it("the opened file's label is where names are looked for", () => {
  const policy = linkPolicy(openStorageSync(join(data, "a.h5")));
  expect(runSync(contentOf(policy, "b.h5"))).toBe("data/b.h5");
});
