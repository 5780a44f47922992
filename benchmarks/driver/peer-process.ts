/** A peer's process: a line goes in, a line of JSON comes out. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const benchmarks = fileURLToPath(new URL("..", import.meta.url));

export class PeerProcess {
  private readonly child: ChildProcess;
  private answered: ((line: string | undefined) => void) | undefined;
  private lastError = "";
  private isOver = false;

  constructor([program, options]: [string, string[]]) {
    this.child = spawn(program, options, { stdio: ["pipe", "pipe", "pipe"], cwd: benchmarks });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) this.answer(line);
    });
    createInterface({ input: this.child.stderr! }).on("line", (line) => {
      if (line.trim() !== "") this.lastError = line;
    });
    this.child.stdin!.on("error", () => this.answer(undefined));
    this.child.on("error", (error) => {
      this.lastError = error.message;
      this.over();
    });
    this.child.on("close", () => this.over());
  }

  private over(): void {
    this.isOver = true;
    this.answer(undefined);
  }

  private answer(line: string | undefined): void {
    const { answered } = this;
    this.answered = undefined;
    answered?.(line);
  }

  /** The answer, or `unsupported` and why: it is killed where it does not answer within `patience` milliseconds. */
  async ask<T extends object>(line: string, patience: number): Promise<T & { unsupported?: string }> {
    if (this.isOver) return this.gone();
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<string | undefined>((resolve) => {
      this.answered = resolve;
      timer = setTimeout(() => {
        this.lastError = `no answer within ${patience / 1000} s`;
        this.child.kill("SIGKILL");
      }, patience);
      this.child.stdin!.write(`${line}\n`);
    });
    clearTimeout(timer);
    return answer === undefined ? this.gone() : (JSON.parse(answer) as T);
  }

  private gone<T>(): T & { unsupported?: string } {
    return { unsupported: `ended: ${this.lastError}`.slice(0, 160) } as T & { unsupported?: string };
  }

  /** Lets it end by itself. */
  async close(): Promise<void> {
    if (this.isOver) return;
    const closed = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin!.end();
    await closed;
  }
}
