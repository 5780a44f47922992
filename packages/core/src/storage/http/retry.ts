/** Repeats what failed for a reason that may pass: with back-off, with jitter, as long as the caller still wants it. */

/** A failure that may pass. */
export class Transient extends Error {
  /** Milliseconds that the server asked to wait. */
  readonly wait: number | undefined;

  constructor(message: string, options: { wait?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.wait = options.wait;
  }
}

export interface RetryPolicy {
  readonly retries: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** No server's wish, and no doubling, makes the wait longer than this. */
const LONGEST_WAIT = 30_000;

/** The first success; or the last failure. */
export async function retrying<T>(attempt: () => Promise<T>, policy: RetryPolicy, signal?: AbortSignal): Promise<T> {
  for (let tried = 0; ; tried++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Transient) || tried >= policy.retries) throw error;
      await pause(waiting(tried, policy, error.wait), signal);
    }
  }
}

/** Between half and all of the doubled delay, so that many clients do not come back at the same instant. */
function waiting(tried: number, policy: RetryPolicy, asked: number | undefined): number {
  const backOff = policy.delay * 2 ** tried * (0.5 + Math.random() / 2);
  return Math.min(LONGEST_WAIT, Math.max(backOff, asked ?? 0));
}

/** Milliseconds of a Retry-After header: seconds, or a date. */
export function retryAfter(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const stop = (): void => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
