/** What libhdf5 reads from files, through h5py: by `test/oracle/truth.py`, which gives each file a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Truth } from "../support/corpus.ts";

const script = fileURLToPath(new URL("../oracle/truth.py", import.meta.url));

export class Oracle {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  /** With `fill`, memory that libhdf5 allocates is full of that byte (glibc): what it leaves undefined then shows. */
  constructor(python: string, fill = 0) {
    const env = { ...process.env, MALLOC_PERTURB_: String(fill) };
    this.process = spawn(python, [script, "--lines"], { stdio: ["pipe", "pipe", "ignore"], env });
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  async read(path: string): Promise<Truth> {
    this.process.stdin!.write(`${path}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the oracle ended");
    return JSON.parse(value) as Truth;
  }

  close(): void {
    this.process.stdin!.end();
  }
}
