/** Which files virtual datasets may lead to: what is opened is noted call by call. */
import fs, { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LinksOption, open, openSync, PolicyError, VirtualLayout, VirtualSource } from "h5ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RangeServer, startRangeServer } from "../packages/core/test/support/range-server.ts";

const SECRET = Int32Array.of(666, 667);
let root: string;
let folder: string;
const at = (name: string): string => join(folder, name);

function writeSource(path: string, data: Int32Array = Int32Array.of(1, 2)): void {
  const file = openSync(path, "w");
  file.createDataset("d", { data });
  file.close();
}

/** A view of one source, which reads as the fill value -1 where that is not there. */
function writeView(path: string, source: string, dataset = "d"): void {
  const file = openSync(path, "w");
  const layout = new VirtualLayout({ shape: [2], dtype: "i4" });
  layout.set([], new VirtualSource(source, dataset, { shape: [2] }));
  file.createVirtualDataset("v", layout, { fillValue: -1 });
  file.close();
}

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "h5ts-policy-")));
  folder = join(root, "data");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeSource(join(root, "secret.h5"), SECRET);
  writeSource(at("ok.h5"));
  writeSource(at("sub/deep.h5"));
  symlinkSync(join(root, "secret.h5"), at("link.h5"));
  symlinkSync(root, at("up"));
  symlinkSync(at("ok.h5"), at("inside.h5"));
  writeFileSync(at("text.h5"), "no HDF5 file");
});
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What is opened on disk while `use` runs: real paths. */
async function openedBy(use: () => unknown): Promise<string[]> {
  const opened: string[] = [];
  const original = fs.openSync;
  vi.spyOn(fs, "openSync").mockImplementation((path, ...rest) => {
    opened.push(realpathSync(String(path)));
    return original(path, ...rest);
  });
  try {
    await use();
  } finally {
    vi.restoreAllMocks();
  }
  return opened;
}

const read = (path: string, links?: LinksOption): Int32Array => {
  const file = openSync(path, "r", { links });
  try {
    return file.dataset("v", "i4").read().data;
  } finally {
    file.close();
  }
};

const OUTSIDE: string[] = [
  "../secret.h5",
  "sub/../../secret.h5",
  "./../secret.h5",
  "ABSOLUTE",
  "link.h5",
  "up/secret.h5",
  "file:///etc/passwd",
  "http://127.0.0.1:9/secret.h5",
  "s3://bucket/secret.h5",
  "C:\\secret.h5",
  "C:/secret.h5",
  "..\\secret.h5",
  "\\\\server\\share\\secret.h5",
  "//server/share/secret.h5",
];

describe("of a file on disk", () => {
  it.each(OUTSIDE)("%s is refused, and nothing outside is opened", async (name) => {
    const path = at("view.h5");
    writeView(path, name === "ABSOLUTE" ? join(root, "secret.h5") : name);
    const opened = await openedBy(async () => {
      expect(() => read(path)).toThrow(PolicyError);
      const file = await open(path);
      const dataset = await file.dataset("v", "i4");
      await expect(dataset.read()).rejects.toThrow(PolicyError);
      expect(dataset.shape).toEqual([2]);
      await file.close();
    });
    expect(new Set(opened)).toEqual(new Set([path]));
  });

  it("names that are encoded stand for themselves", async () => {
    const path = at("view.h5");
    for (const name of ["%2e%2e/secret.h5", "..%2fsecret.h5", "%2e%2e%2fsecret.h5"]) {
      writeView(path, name);
      const opened = await openedBy(() => expect(read(path)).toEqual(Int32Array.of(-1, -1)));
      expect(opened).toEqual([path]);
    }
  });

  it.each([
    ["ok.h5", [1, 2]],
    ["./ok.h5", [1, 2]],
    ["sub//deep.h5", [1, 2]],
    ["inside.h5", [1, 2]],
    ["none.h5", [-1, -1]],
    ["none/none.h5", [-1, -1]],
  ])("%s is within, or is not there", (name, expected) => {
    writeView(at("view.h5"), name);
    expect(Array.from(read(at("view.h5")))).toEqual(expected);
  });

  it("a source that is no HDF5 file is an error, not a fill value", () => {
    writeView(at("view.h5"), "text.h5");
    expect(() => read(at("view.h5"))).toThrow(expect.objectContaining({ name: "FormatError" }));
    writeView(at("view.h5"), "ok.h5", "/");
    expect(() => read(at("view.h5"))).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    writeView(at("view.h5"), "ok.h5", "none");
    expect(Array.from(read(at("view.h5")))).toEqual([-1, -1]);
  });

  it('"none" opens nothing, "any" goes where the name says', async () => {
    writeView(at("view.h5"), "ok.h5");
    const opened = await openedBy(() => expect(() => read(at("view.h5"), "none")).toThrow(PolicyError));
    expect(opened).toEqual([at("view.h5")]);
    writeView(at("view.h5"), "../secret.h5");
    expect(read(at("view.h5"), "any")).toEqual(SECRET);
  });

  it("a function is asked once for each source, and says what it is", () => {
    writeView(at("view.h5"), "../secret.h5");
    const asked: unknown[] = [];
    const links: LinksOption = (request) => {
      asked.push(request);
      return readFileSync(at("ok.h5"));
    };
    const file = openSync(at("view.h5"), "r", { links });
    const view = file.dataset("v", "i4");
    expect([view.read().data, view.read().data]).toEqual([Int32Array.of(1, 2), Int32Array.of(1, 2)]);
    file.close();
    expect(asked).toEqual([{ name: "../secret.h5", kind: "virtual source", from: at("view.h5") }]);
  });

  it("a map gives sources by name", async () => {
    writeView(at("view.h5"), "somewhere/ok.h5");
    const links = new Map([["ok.h5", new Blob([readFileSync(at("ok.h5"))])]]);
    const file = await open(new Blob([readFileSync(at("view.h5"))]), "r", { links });
    expect((await (await file.dataset("v", "i4")).read()).data).toEqual(Int32Array.of(1, 2));
    await file.close();
  });

  it("a file in no folder has no sources", () => {
    writeView(at("view.h5"), "ok.h5");
    const file = openSync(readFileSync(at("view.h5")));
    expect(() => file.dataset("v").read()).toThrow(/stands in no folder/);
    file.close();
  });
});

describe("prefixes", () => {
  const shown = (virtualPrefix?: string | string[]): number[] => {
    const file = openSync(at("view.h5"), "r", { virtualPrefix });
    try {
      return Array.from(file.dataset("v", "i4").read().data);
    } finally {
      file.close();
    }
  };

  it("are looked into first: of the option, and before that of the environment", () => {
    writeView(at("view.h5"), "ok.h5");
    for (const [name, first] of [
      ["one", 10],
      ["two", 20],
    ] as const) {
      mkdirSync(join(root, name), { recursive: true });
      writeSource(join(root, name, "ok.h5"), Int32Array.of(first, first + 1));
    }
    expect(shown()).toEqual([1, 2]);
    expect(shown(join(root, "one"))).toEqual([10, 11]);
    expect(shown([join(root, "none"), join(root, "two")])).toEqual([20, 21]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: libhdf5's placeholder
    expect(shown("${ORIGIN}/../one")).toEqual([10, 11]);
    vi.stubEnv("HDF5_VDS_PREFIX", `${join(root, "none")}:${join(root, "two")}`);
    expect(shown(join(root, "one"))).toEqual([20, 21]);
    vi.unstubAllEnvs();
  });

  it("are no way out of them", () => {
    writeView(at("view.h5"), "../secret.h5");
    expect(() => shown(join(root, "one"))).toThrow(PolicyError);
  });
});

describe("of a URL", () => {
  let server: RangeServer;
  let other: RangeServer;
  beforeAll(async () => {
    const secret = readFileSync(join(root, "secret.h5"));
    server = await startRangeServer({ "secret.h5": secret, "data/ok.h5": readFileSync(at("ok.h5")) });
    other = await startRangeServer({ "secret.h5": secret });
  });
  afterAll(async () => {
    await server.close();
    await other.close();
  });

  async function readUrl(source: string): Promise<number[]> {
    writeView(at("view.h5"), source);
    server.files.set("data/view.h5", readFileSync(at("view.h5")));
    server.requests.length = 0;
    const file = await open(server.url("data/view.h5"));
    try {
      return Array.from((await (await file.dataset("v", "i4")).read()).data);
    } finally {
      await file.close();
    }
  }

  it.each([
    "../secret.h5",
    "/secret.h5",
    "%2e%2e/secret.h5",
    "..%2fsecret.h5",
    "%252e%252e/secret.h5",
    "OTHER",
    "//HOST/secret.h5",
  ])("%s is refused, and is not asked for", async (name) => {
    const source = name === "OTHER" ? other.url("secret.h5") : name.replace("HOST", new URL(other.url("")).host);
    await expect(readUrl(source)).rejects.toThrow(PolicyError);
    expect(new Set(server.requests.map(({ path }) => path))).toEqual(new Set(["data/view.h5"]));
    expect(other.requests).toEqual([]);
  });

  it("a redirect leads out as little", async () => {
    server.behaviour = {
      fault: (_, { path }) => (path === "data/ok.h5" ? { redirect: other.url("secret.h5") } : undefined),
    };
    await expect(readUrl("ok.h5")).rejects.toThrow(PolicyError);
    expect(other.requests).toEqual([]);
    server.behaviour = {};
  });

  it("names below the URL are followed, or are not there", async () => {
    expect(await readUrl("ok.h5")).toEqual([1, 2]);
    expect(await readUrl("none.h5")).toEqual([-1, -1]);
  });
});

describe("external raw files that are written", () => {
  const write = (name: string, links?: LinksOption): void => {
    const file = openSync(at("raw.h5"), "w", { links });
    try {
      file.createDataset("r", { data: Int32Array.of(1, 2), external: [{ name, offset: 4, size: 8 }] });
    } finally {
      file.close();
    }
  };
  const bytes = (path: string): number[] => [...readFileSync(path)];
  const EXPECTED = [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];

  it("are made in the folder of the file, or are those that are there", () => {
    write("new.bin");
    expect(bytes(at("new.bin"))).toEqual(EXPECTED);
    writeFileSync(at("sub/old.bin"), new Uint8Array(13).fill(9));
    write("sub/old.bin");
    expect(bytes(at("sub/old.bin"))).toEqual([9, 9, 9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 9]);
    write("../other.bin", "any");
    expect(bytes(join(root, "other.bin"))).toEqual(EXPECTED);
  });

  it.each(["../out.bin", "ABSOLUTE", "up/out.bin", "link.bin", "dangling.bin"])(
    "%s is refused, and nothing is written outside",
    (name) => {
      writeFileSync(join(root, "target.bin"), "kept");
      for (const [link, target] of [
        ["link.bin", "target.bin"],
        ["dangling.bin", "out.bin"],
      ]) {
        rmSync(at(link), { force: true });
        symlinkSync(join(root, target), at(link));
      }
      expect(() => write(name === "ABSOLUTE" ? join(root, "out.bin") : name)).toThrow(/allow|there already/);
      expect(readFileSync(join(root, "target.bin"), "utf8")).toBe("kept");
      expect(fs.existsSync(join(root, "out.bin"))).toBe(false);
    },
  );
});

describe("views that are sources of each other", () => {
  it("are refused", async () => {
    writeView(at("a.h5"), "b.h5", "v");
    writeView(at("b.h5"), "a.h5", "v");
    writeView(at("self.h5"), ".", "v");
    for (const name of ["a.h5", "self.h5"]) {
      expect(() => read(at(name))).toThrow(/is a source of itself/);
      const file = await open(at(name));
      await expect((await file.dataset("v")).read()).rejects.toThrow(/is a source of itself/);
      await file.close();
    }
  });

  it("may be of some depth", () => {
    writeSource(at("chain0.h5"));
    const renamed = openSync(at("chain0.h5"), "r+");
    renamed.move("d", "v");
    renamed.close();
    for (let i = 1; i < 12; i++) writeView(at(`chain${i}.h5`), `chain${i - 1}.h5`, "v");
    expect(Array.from(read(at("chain7.h5")))).toEqual([1, 2]);
    expect(() => read(at("chain11.h5"))).toThrow(/limits.virtualNesting/);
  });
});
