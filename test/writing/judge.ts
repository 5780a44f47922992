/** One Python process that judges many files, a line of JSON each. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export class Judge {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly errors: string[] = [];

  /** `script`: one of those beside this file. */
  constructor(python: string, script: string) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.process = spawn(python, [path], { stdio: ["pipe", "pipe", "pipe"] });
    this.process.stderr!.on("data", (text) => this.errors.push(String(text)));
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  /** Sends a job, and waits for its answer: jobs of one judge come one after the other. */
  async ask<T>(job: object): Promise<T> {
    this.process.stdin!.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the judge ended: ${this.errors.join("").slice(-2000)}`);
    return JSON.parse(value) as T;
  }

  close(): void {
    this.process.stdin!.end();
  }
}
