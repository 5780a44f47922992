/** A process that opens and closes a file as it is told, a line each: `{ open: [path, mode, locking] }`, `{ close: true }`. Answers with a line each. */
import { createInterface } from "node:readline";
import { isH5Error } from "../../src/errors.ts";
import { closeStorage } from "../../src/steps/close.ts";
import { runSync } from "../../src/steps/run-sync.ts";
import type { Storage } from "../../src/steps/storage.ts";
import type { Locking } from "../../src/storage/locks/locking.ts";
import { openSourceSync, openSourceToWriteSync } from "../../src/storage/open-source.ts";
import type { WriteMode } from "../../src/storage/open-writable.ts";

export interface Order {
  readonly open?: readonly [path: string, mode: WriteMode | "r", locking: Locking];
  readonly close?: true;
}

export interface Answer {
  /** `"ok"`, or the name of the error. */
  readonly result: string;
  readonly message?: string;
}

let storage: Storage | undefined;

function obey({ open }: Order): Answer {
  try {
    if (open !== undefined) {
      const [path, mode, locking] = open;
      const opened = mode === "r" ? openSourceSync(path, { locking }) : openSourceToWriteSync(path, mode, { locking });
      storage = opened.storage;
    } else if (storage !== undefined) runSync(closeStorage(storage));
    return { result: "ok" };
  } catch (error) {
    if (!isH5Error(error)) throw error;
    return { result: error.name, message: error.message };
  }
}

console.log(JSON.stringify({ result: "ready" } satisfies Answer));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(obey(JSON.parse(line) as Order)));
}
