/** A process that tells what libhdf5 sees of files: bytes come as messages, digests go back; `null` where it does not open them. */
import * as h5wasm from "h5wasm/node";
import { ownFile } from "../support/own-file.ts";
import { digestByLibhdf5 } from "./digest.ts";

export type Answer = { readonly digest: string | null } | { readonly error: string };

const library = (await h5wasm.ready) as unknown as {
  FS: { writeFile(path: string, bytes: Uint8Array): void };
  activate_throwing_error_handler(): void;
};
// Failures are exceptions, and not printed.
library.activate_throwing_error_handler();

const path = ownFile("found.h5");

function look(bytes: Uint8Array): Answer {
  library.FS.writeFile(path, bytes);
  let file: h5wasm.File;
  try {
    file = new h5wasm.File(path, "r");
  } catch {
    return { digest: null };
  }
  try {
    return { digest: digestByLibhdf5(file) };
  } catch (error) {
    return { error: String(error) };
  } finally {
    file.close();
  }
}

process.on("message", (bytes: Uint8Array) => process.send?.(look(bytes)));
process.send?.("ready");
