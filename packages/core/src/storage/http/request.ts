/** One GET request: sent, its redirects followed or refused, its body taken with a bound and a watch on stalls. */
import { H5Error, PolicyError, StorageError } from "../../errors.ts";
import { baseUrl } from "../platform.ts";
import { HTTP_DEFAULTS, type HttpOptions } from "./options.ts";
import { Transient } from "./retry.ts";

const MOST_REDIRECTS = 8;

/** A request under way: aborted when the caller's signal is, or when nothing came for too long. */
export class Attempt {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timeout: number;
  private readonly outer: AbortSignal | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stalled = false;

  constructor(options: HttpOptions, outer: AbortSignal | undefined) {
    this.signal = this.controller.signal;
    this.timeout = options.timeout ?? HTTP_DEFAULTS.timeout;
    this.outer = outer;
    outer?.addEventListener("abort", this.stop, { once: true });
    this.progress();
  }

  /** Something came: the watch starts anew. */
  progress(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stalled = true;
      this.controller.abort();
    }, this.timeout);
  }

  /** What a rejected fetch, or a body cut short, means. The caller's own wish to stop goes through as it is. */
  failure(cause: unknown): unknown {
    if (this.outer?.aborted) return this.outer.reason;
    if (cause instanceof Transient || cause instanceof H5Error) return cause;
    if (this.stalled) return new Transient(`nothing came for ${this.timeout} ms`, { cause });
    return new Transient("the connection failed", { cause });
  }

  /** Ends the request, if it has not ended. */
  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.stop);
    this.controller.abort();
  }

  private readonly stop = (): void => this.controller.abort(this.outer?.reason);
}

/** An answer, and the URL that gave it. */
export interface Answered {
  readonly response: Response;
  readonly url: string;
}

/** Sends a GET for the URL and follows redirects as the options say. */
export async function send(
  url: string,
  headers: Record<string, string>,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<Answered> {
  const doFetch = options.fetch ?? globalThis.fetch;
  const { redirect, credentials = "omit" } = options;
  let target = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const init = { headers, credentials, redirect: redirect ? ("manual" as const) : ("follow" as const), signal };
    const response = await doFetch(target, init);
    if (redirect === undefined) return { response, url: response.redirected ? response.url : target };
    if (response.type === "opaqueredirect") throw refused(url, "a redirect that the browser does not show");
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return { response, url: target };
    await response.body?.cancel();
    const next = new URL(location, target);
    if (!redirect(next)) throw refused(url, next.href);
    headers = headersFor(next.href, url, headers, options);
    target = next.href;
  }
  throw new StorageError(`cannot read ${url}: more than ${MOST_REDIRECTS} redirects`);
}

/** The headers without the caller's own, where the target is of another origin: these are for the origin he named. */
export function headersFor(
  target: string,
  url: string,
  headers: Record<string, string>,
  options: HttpOptions,
): Record<string, string> {
  if (options.headers === undefined || originOf(target) === originOf(url)) return headers;
  const own = new Set(Object.keys(options.headers).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name.toLowerCase())));
}

const originOf = (url: string): string => new URL(url, baseUrl()).origin;

const refused = (url: string, to: string): PolicyError =>
  new PolicyError(`${url} redirects to where the option links does not allow`, { found: to });

/**
 * Takes the body into `target`. Bytes that came; never more than fit: more is a StorageError, for the server does not do
 * what was asked.
 */
export async function takeBody(response: Response, target: Uint8Array, attempt: Attempt): Promise<number> {
  let filled = 0;
  for await (const part of parts(response)) {
    attempt.progress();
    if (part.length > target.length - filled) throw new StorageError("the server sent more than was asked for");
    target.set(part, filled);
    filled += part.length;
  }
  return filled;
}

/** Takes a body of unknown length, up to a limit; `undefined` where it is longer. */
export async function takeWhole(response: Response, limit: number, attempt: Attempt): Promise<Uint8Array | undefined> {
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts(response)) {
    attempt.progress();
    length += part.length;
    if (length > limit) return undefined;
    taken.push(part);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of taken) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function* parts(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return void (yield new Uint8Array(await response.arrayBuffer()));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
