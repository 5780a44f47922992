/** Files of OPFS are made and changed: in a worker in place, on the page by copies; workers that are ended while they write leave a commit. */
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { ownFile } from "../support/own-file.ts";
import { type BrowserPage, openPage } from "./browser.ts";

/** A function of the program, its arguments; what it gives, or the name of its error. */
interface Result {
  readonly value?: unknown;
  readonly error?: string;
  readonly message?: string;
}

declare global {
  /** Calls a function of the program on this page. */
  function here(name: string, ...args: readonly unknown[]): Promise<Result>;
  /** Calls it in a worker, which goes on for the next call. */
  function inWorker(name: string, ...args: readonly unknown[]): Promise<Result>;
  /** Lets a worker write without end, and ends it after so many milliseconds. The last state that it announced. */
  function killedWorker(path: string, milliseconds: number): Promise<number>;
}

const PROGRAM = `
  import { open, openOpfsFile, openSync, isH5Error } from "h5ts";
  async function handle(path) {
    const names = path.split("/");
    let folder = await navigator.storage.getDirectory();
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    return folder.getFileHandle(names.at(-1), { create: true });
  }
  const SIZE = 50_000;
  const whole = (state) => Int32Array.from({ length: SIZE }, (_, i) => state * 3 + i);
  let held;
  const functions = {
    async make(path, mode) {
      const file = await open(await handle(path), mode);
      await file.createDataset("group/rows", { data: Int32Array.of(1, 2, 3), maxShape: [null], compression: "gzip" });
      await file.createDataset("text", { data: ["α", "beta"] });
      await file.attrs.set("made", "in a browser");
      await file.flush();
      await file.createDataset("later", { data: whole(0) });
      await file.close();
    },
    async edit(path) {
      const file = await open(await handle(path), "r+");
      await (await file.dataset("group/rows", "i4")).append(Int32Array.of(4, 5));
      await file.attrs.set("made", "edited");
      await (await file.dataset("later", "i4")).write(7, [3]);
      await file.flush();
      const seen = [...(await (await file.dataset("group/rows", "i4")).read()).data];
      await file.delete("text");
      await file.close();
      return seen;
    },
    async editSync(path) {
      const file = openSync(await openOpfsFile(await handle(path)), "r+");
      file.dataset("group/rows", "i4").append(Int32Array.of(6));
      file.close();
    },
    async read(path) {
      const file = await open(await handle(path));
      const rows = [...(await (await file.dataset("group/rows", "i4")).read()).data];
      await file.close();
      return rows;
    },
    async bytes(path) {
      const blob = await (await handle(path)).getFile();
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    },
    async hold(path) {
      held = await open(await handle(path), "r+");
    },
    async letGo() {
      await held.close();
    },
    /** Overwrites without end. */
    async spin(path) {
      const file = await open(await handle(path), "a");
      let state = 0;
      if (await file.has("whole")) state = await file.attrs.get("state");
      else {
        await file.createDataset("whole", { data: whole(0) });
        await file.createDataset("rows", { shape: [0], maxShape: [null], chunks: [50], dtype: "i4" });
        await file.attrs.set("state", 0);
        await file.flush();
      }
      for (;;) {
        self.postMessage({ state });
        state++;
        await (await file.dataset("whole", "i4")).write(whole(state));
        await (await file.dataset("rows", "i4")).append(Int32Array.from({ length: 20 }, () => state));
        await file.attrs.set("state", state);
        await file.flush();
        // Lets go of the thread, so that messages leave.
        await new Promise((done) => setTimeout(done, 0));
      }
    },
    /** The state of such a file; throws where not all is as it must be. */
    async check(path) {
      const file = await open(await handle(path));
      const state = await file.attrs.get("state");
      const { data } = await (await file.dataset("whole", "i4")).read();
      const expected = whole(state);
      if (data.some((value, i) => value !== expected[i])) throw new Error("whole is not that of state " + state);
      const rows = (await (await file.dataset("rows", "i4")).read()).data;
      if (rows.length !== 20 * state || rows.some((row, i) => row !== 1 + Math.floor(i / 20))) throw new Error("rows");
      await file.close();
      return state;
    },
  };
  async function call(name, ...args) {
    try {
      return { value: await functions[name](...args) };
    } catch (error) {
      return { error: isH5Error(error) ? error.name : "foreign", message: String(error) };
    }
  }
  if (typeof document === "undefined") {
    self.onmessage = async ({ data }) => self.postMessage(await call(...data));
  } else {
    const start = () => new Worker("program.js", { type: "module" });
    let worker;
    globalThis.here = call;
    globalThis.inWorker = (...args) => new Promise((done, fail) => {
      worker ??= start();
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = fail;
      worker.postMessage(args);
    });
    globalThis.killedWorker = (path, milliseconds) => new Promise((done, fail) => {
      const spinning = start();
      let last = -1;
      spinning.onerror = fail;
      spinning.onmessage = ({ data }) => {
        if (data.error !== undefined) return fail(new Error(data.message));
        if (last < 0) setTimeout(() => {
          spinning.terminate();
          // The browser gives its handles back a little later.
          setTimeout(() => done(last), 150);
        }, milliseconds);
        last = data.state;
      };
      spinning.postMessage(["spin", path]);
    });
  }
`;

describeWith("chromium", "writing in a browser", (executable) => {
  let opened: BrowserPage;
  beforeAll(async () => {
    await h5wasm.ready;
    opened = await openPage(executable, PROGRAM);
  });
  afterAll(() => opened?.close());

  const at = async (place: "here" | "inWorker", name: string, ...args: readonly unknown[]): Promise<Result> =>
    opened.page.evaluate(([where, ...call]) => (globalThis[where as "here"] as typeof here)(...(call as [string])), [
      place,
      name,
      ...args,
    ] as const);

  /** What libhdf5 sees of a file in the browser. */
  async function byLibhdf5(path: string): Promise<Record<string, unknown>> {
    const { value } = await at("here", "bytes", path);
    const { FS } = h5wasm.Module as unknown as { FS: { writeFile(path: string, bytes: Uint8Array): void } };
    FS.writeFile(ownFile("browser.h5"), Uint8Array.from(value as number[]));
    const file = new h5wasm.File(ownFile("browser.h5"), "r");
    try {
      const rows = (file.get("group/rows") as h5wasm.Dataset).value as Int32Array;
      return {
        keys: file.keys(),
        rows: [...rows],
        made: file.attrs.made?.value,
        later: ((file.get("later") as h5wasm.Dataset).value as Int32Array).slice(2, 5),
      };
    } finally {
      file.close();
    }
  }

  it.each(["inWorker", "here"] as const)("a file is made, closed, opened again, edited: %s", async (place) => {
    const path = `folder ${place}/made.h5`;
    expect(await at(place, "make", path, "w")).toEqual({});
    expect(await byLibhdf5(path)).toEqual({
      keys: ["group", "later", "text"],
      rows: [1, 2, 3],
      made: "in a browser",
      later: Int32Array.of(2, 3, 4),
    });
    expect(await at(place, "make", path, "x")).toMatchObject({ error: "ExistsError" });
    expect(await at(place, "edit", path)).toEqual({ value: [1, 2, 3, 4, 5] });
    expect(await at("here", "read", path)).toEqual({ value: [1, 2, 3, 4, 5] });
    expect(await at("inWorker", "read", path)).toEqual({ value: [1, 2, 3, 4, 5] });
    expect(await byLibhdf5(path)).toEqual({
      keys: ["group", "later"],
      rows: [1, 2, 3, 4, 5],
      made: "edited",
      later: Int32Array.of(2, 7, 4),
    });
  });

  it("without waiting, in a worker", async () => {
    const path = "sync.h5";
    await at("inWorker", "make", path, "w");
    expect(await at("inWorker", "editSync", path)).toEqual({});
    expect(await byLibhdf5(path)).toMatchObject({ rows: [1, 2, 3, 6] });
    expect(await at("here", "editSync", path)).toMatchObject({ error: "UnsupportedError" });
  });

  it.each(["inWorker", "here"] as const)("writers exclude each other: %s", async (place) => {
    const path = `locked ${place}.h5`;
    await at(place, "make", path, "w");
    expect(await at(place, "hold", path)).toEqual({});
    expect(await at(place, "edit", path)).toMatchObject({ error: "LockedError" });
    expect(await at("inWorker", "edit", path)).toMatchObject({ error: "LockedError" });
    expect(await at(place, "letGo")).toEqual({});
    expect(await at("inWorker", "edit", path)).toEqual({ value: [1, 2, 3, 4, 5] });
  });

  it("a worker that is ended while it writes leaves the last commit or a later one", { timeout: 120_000 }, async () => {
    const path = "killed.h5";
    const counts = { kills: 0, last: 0, next: 0 };
    for (; counts.kills < 25; counts.kills++) {
      const announced = await opened.page.evaluate(([name, time]) => killedWorker(name, time), [
        path,
        (counts.kills * 37) % 101,
      ] as const);
      const { value, message } = await at("here", "check", path);
      expect(message).toBeUndefined();
      // What the worker said last may have been on its way when it was ended.
      expect(value).toBeGreaterThanOrEqual(announced);
      if (value === announced) counts.last++;
      else counts.next++;
    }
    console.log(`${counts.kills} workers ended: last commit seen ${counts.last}, a later one ${counts.next}`);
  });
});
