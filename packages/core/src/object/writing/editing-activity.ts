/** What is under way on a file that may be changed: changes run alone, and none after a commit that failed. */
import { ClosedError } from "../../errors.ts";
import { Activity } from "../activity.ts";
import type { Calls } from "../mode.ts";
import type { CallQueue } from "./call-queue.ts";

export class EditingActivity extends Activity {
  private readonly queue: CallQueue | undefined;
  private failure: { readonly cause: unknown } | undefined;

  /** Without a queue, in sync mode, a call is over before the next begins. */
  constructor(queue?: CallQueue) {
    super();
    this.queue = queue;
  }

  override begin(signal?: AbortSignal): Promise<void> | undefined {
    return this.start(false, signal);
  }

  override end(): void {
    this.queue?.leave();
    super.end();
  }

  override changes(other?: Activity): Calls {
    const own = { begin: (signal?: AbortSignal) => this.start(true, signal), end: () => this.end() };
    return { whole: true, ...(other === undefined || other === this ? own : both(own, other)) };
  }

  override resume(): Promise<void> | undefined {
    void super.resume();
    return this.queue?.enter(false);
  }

  override check(): void {
    super.check();
    this.checkFailure();
  }

  /** Whether a commit has failed. */
  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** What is in memory is not what is in the file: no call can be answered any more. */
  fail(cause: unknown): void {
    this.failure = { cause };
  }

  private start(alone: boolean, signal: AbortSignal | undefined): Promise<void> | undefined {
    void super.begin();
    return this.queue?.enter(alone, signal)?.then(
      () => this.admitted(),
      (reason: unknown) => {
        super.end();
        throw reason;
      },
    );
  }

  /** Its turn has come; what was before it may have failed. */
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
}

/** Calls on two files. Turns of both are asked for at once, so that those who want both cannot wait for each other. */
function both(first: Calls, second: Calls): Calls {
  return {
    begin: (signal) => turns([first, second], signal),
    end: () => {
      first.end();
      second.end();
    },
  };
}

/** If one is refused, the other is given back. */
function turns(files: readonly Calls[], signal: AbortSignal | undefined): Promise<void> | undefined {
  const asked = files.map((file) => {
    try {
      return { file, turn: file.begin(signal) };
    } catch (error) {
      return { file, turn: Promise.reject(error) };
    }
  });
  if (asked.every(({ turn }) => turn === undefined)) return undefined;
  return Promise.allSettled(asked.map(({ turn }) => turn)).then((outcomes) => {
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    if (refused === undefined) return;
    outcomes.forEach((outcome, i) => {
      if (outcome.status === "fulfilled") asked[i].file.end();
    });
    throw refused.reason;
  });
}
