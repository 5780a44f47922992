/** Whether a file is open and how many calls are under way: shared by it and all files reached from it. */
import { ClosedError } from "../errors.ts";
import type { CallQueue } from "./call-queue.ts";
import type { Calls } from "./mode.ts";

export class Activity implements Calls {
  closed = false;
  private readonly queue: CallQueue | undefined;
  private failure: { readonly cause: unknown } | undefined;
  private running = 0;
  private waiting: (() => void)[] = [];

  /** Without a queue calls run beside one another. */
  constructor(queue?: CallQueue) {
    this.queue = queue;
  }

  /** Calls that change the file, and read another at the same time. */
  changes(other?: Activity): Calls {
    if (other === undefined || other === this) {
      return { whole: true, begin: (signal) => this.start(true, signal), end: () => this.end() };
    }
    return {
      whole: true,
      // Turns of both are asked for at once: those who want both files cannot wait for each other.
      begin: (signal) => both(this, this.start(true, signal), other, () => other.start(false, signal)),
      end: () => {
        this.end();
        other.end();
      },
    };
  }

  begin(signal?: AbortSignal): Promise<void> | undefined {
    return this.start(false, signal);
  }

  end(): void {
    this.queue?.leave();
    this.done();
  }

  /** A call goes on that had ended for a while. */
  async resume(): Promise<void> {
    this.running++;
    await this.queue?.enter(false);
  }

  check(): void {
    if (this.closed) throw new ClosedError("the file is closed");
    this.checkFailure();
  }

  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** What is in memory is not what is in the file: no call can be answered any more. */
  fail(cause: unknown): void {
    this.failure = { cause };
  }

  /** No call begins from now on. Whether there was anything to close. */
  close(): boolean {
    const open = !this.closed;
    this.closed = true;
    return open;
  }

  /** When no call is under way any more. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resume) => this.waiting.push(resume));
  }

  private start(alone: boolean, signal: AbortSignal | undefined): Promise<void> | undefined {
    this.check();
    this.running++;
    return this.queue?.enter(alone, signal)?.then(
      () => this.admitted(),
      (reason: unknown) => {
        this.done();
        throw reason;
      },
    );
  }

  private admitted(): void {
    try {
      this.checkFailure();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  private checkFailure(): void {
    if (this.failure === undefined) return;
    const { cause } = this.failure;
    throw new ClosedError("a commit has failed: the file is as it was before; open it anew", { cause });
  }

  private done(): void {
    if (--this.running > 0) return;
    for (const resume of this.waiting.splice(0)) resume();
  }
}

/** The turns of two files; if one is refused, the other is given back. */
function both(
  first: Activity,
  turn: Promise<void> | undefined,
  second: Activity,
  ask: () => Promise<void> | undefined,
): Promise<void> | undefined {
  let other: Promise<void> | undefined;
  try {
    other = ask();
  } catch (error) {
    void Promise.resolve(turn).then(
      () => first.end(),
      () => undefined,
    );
    throw error;
  }
  if (turn === undefined && other === undefined) return undefined;
  return Promise.allSettled([turn, other]).then((outcomes) => {
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    if (refused === undefined) return;
    [first, second].forEach((each, i) => {
      if (outcomes[i].status === "fulfilled") each.end();
    });
    throw refused.reason;
  });
}
