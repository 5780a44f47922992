/** libhdf5 in a process of its own, which is replaced now and then: h5wasm comes to its end after some thousand files that it refused. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer } from "./libhdf5-child.ts";

/** Files that one process looks at. */
const FILES = 1500;

export class Libhdf5 {
  private child: ChildProcess | undefined;
  private looked = 0;

  /** What libhdf5 sees of a file; `undefined` where it does not open it. An Error where it opens it and cannot read it. */
  async look(bytes: Uint8Array): Promise<string | undefined> {
    if (this.looked++ % FILES === 0) this.close();
    this.child ??= await start();
    const answer = once(this.child, "message");
    this.child.send(bytes);
    const [given] = (await answer) as [Answer];
    if ("error" in given) throw new Error(`libhdf5 opens it: ${given.error}`);
    return given.digest ?? undefined;
  }

  close(): void {
    this.child?.disconnect();
    this.child = undefined;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("libhdf5-child.ts", import.meta.url)), {
    execArgv: ["--conditions=h5ts-source", "--import", "tsx"],
    serialization: "advanced",
  });
  await once(child, "message");
  return child;
}
