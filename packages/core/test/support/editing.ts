/** Files made by libhdf5 (h5wasm, in its own memory), and opened to be edited. */
import h5wasm from "h5wasm";
import type { EditorOptions } from "../../src/editor/open-editor.ts";
import { linkPolicy } from "../../src/storage/links/link-policy.ts";
import { MemoryStorage } from "../../src/storage/memory.ts";

const { FS } = await h5wasm.ready;

export type Libhdf5File = InstanceType<typeof h5wasm.File>;

/** The bytes of a file that libhdf5 makes. */
export function h5wasmFile(libver: "earliest" | "latest", fill: (f: Libhdf5File) => void): Uint8Array {
  const f = new h5wasm.File("made.h5", "w", { libver: libver === "latest" ? libver : ["earliest", "latest"] });
  fill(f);
  f.close();
  const bytes = FS.readFile("made.h5").slice();
  FS.unlink("made.h5");
  return bytes;
}

/** What libhdf5 says of a file. */
export function byLibhdf5<T>(bytes: Uint8Array, look: (f: Libhdf5File) => T): T {
  FS.writeFile("edited.h5", bytes);
  const f = new h5wasm.File("edited.h5", "r");
  try {
    return look(f);
  } finally {
    f.close();
    FS.unlink("edited.h5");
  }
}

/** The bytes of a file after libhdf5 has changed it. */
export function changedByLibhdf5(bytes: Uint8Array, change: (f: Libhdf5File) => void): Uint8Array {
  FS.writeFile("changed.h5", bytes);
  const f = new h5wasm.File("changed.h5", "a");
  try {
    change(f);
  } finally {
    f.close();
  }
  const changed = FS.readFile("changed.h5").slice();
  FS.unlink("changed.h5");
  return changed;
}

export function editingOptions(options: Partial<EditorOptions> = {}): EditorOptions {
  return {
    filters: { get: () => undefined },
    links: linkPolicy(new MemoryStorage(), { links: "none" }),
    durability: "process",
    bounds: { low: "earliest", high: "v200" },
    now: () => 1_700_000_000,
    ...options,
  };
}
