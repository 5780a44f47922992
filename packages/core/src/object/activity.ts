/** Whether a file is open and how many calls are under way: shared by it and all files reached from it. */
import { ClosedError } from "../errors.ts";
import type { Calls } from "./mode.ts";

/** Of a file that is open for reading: calls run beside one another. */
export class Activity implements Calls {
  closed = false;
  private running = 0;
  private waiting: (() => void)[] = [];

  begin(_signal?: AbortSignal): Promise<void> | undefined {
    this.check();
    this.running++;
    return undefined;
  }

  end(): void {
    if (--this.running > 0) return;
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** Calls that change the file, and read that of another activity. */
  changes(_other?: Activity): Calls {
    return this;
  }

  /** A call goes on that had ended for a while. */
  resume(): Promise<void> | undefined {
    this.running++;
    return undefined;
  }

  check(): void {
    if (this.closed) throw new ClosedError("the file is closed");
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
}
