/**
 * A file behind a URL, read by range requests. Its size and version are learned from the first answer, without a
 * request of their own; every later answer must agree with them.
 */
import { H5Error, NotFoundError, StorageError } from "../../errors.ts";
import { Gate } from "../../steps/gate.ts";
import type { AccessCosts, AsyncStorage, Extent, Outcome } from "../../steps/storage.ts";
import { baseUrl } from "../platform.ts";
import { type ContentRange, parseContentRange } from "./content-range.ts";
import { HTTP_DEFAULTS, type HttpOptions } from "./options.ts";
import { Attempt, headersFor, send, takeBody, takeWhole } from "./request.ts";
import { retryAfter, retrying, Transient } from "./retry.ts";

/** Bytes that are asked for to learn the size: they are what is read next. */
const HEAD = 64 << 10;
/**
 * At 30 ms a request and some 10 MB/s a connection, a request costs as much as hundreds of kilobytes. Long reads go over a few
 * connections, in parts so large that those of one tensor of a large model stay countable.
 */
const COSTS: AccessCosts = { gap: 64 << 10, parallel: 16, maxAccess: 24 << 20, page: 16 << 10, first: HEAD };
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the first answer said of the file. */
interface Version {
  etag?: string;
  modified?: string;
  total?: number;
}

export class HttpStorage implements AsyncStorage {
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts;
  private readonly url: string;
  private readonly options: HttpOptions;
  private readonly gate: Gate;
  private readonly version: Version = {};
  /** Where the URL redirected to: asked directly from then on. */
  private location: string | undefined;
  /** The first bytes, where they came with the size. */
  private head: Uint8Array | undefined;
  /** The whole file, from a server that knows no ranges. */
  private whole: Promise<Uint8Array> | undefined;
  private closed = false;

  /** Makes no request. Relative URLs are relative to the page, in browsers. */
  constructor(url: string | URL, options: HttpOptions = {}) {
    this.url = new URL(url, baseUrl()).href;
    this.label = this.url;
    this.options = options;
    const parallel = options.parallel ?? HTTP_DEFAULTS.parallel;
    this.costs = { ...COSTS, parallel };
    this.gate = new Gate(parallel);
  }

  read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    return Promise.all(extents.map((extent) => this.readOne(extent, signal)));
  }

  async size(signal?: AbortSignal): Promise<number> {
    if (this.version.total === undefined) {
      const head = new Uint8Array(HEAD);
      this.head = head.subarray(0, await this.fill(head, 0, signal));
    }
    return this.version.total ?? (await this.declaredSize(signal));
  }

  /** Stops what is under way; reads that have not ended reject. */
  async close(): Promise<void> {
    this.closed = true;
    this.whole = undefined;
    this.head = undefined;
  }

  private async readOne({ at, length, into }: Extent, signal?: AbortSignal): Promise<Outcome> {
    try {
      const { total = Infinity } = this.version;
      const wanted = Math.max(0, Math.min(length, total - at));
      const target = into?.subarray(0, wanted) ?? new Uint8Array(wanted);
      if (this.head !== undefined && at + wanted <= this.head.length)
        return target.subarray(0, copyFrom(this.head, target, at));
      const count = await this.fill(target, at, signal);
      return target.subarray(0, count);
    } catch (error) {
      if (signal?.aborted) throw error;
      return this.failure(error);
    }
  }

  /** Fills `target` from byte `at` on; servers may answer a part only, then the rest is asked for. */
  private async fill(target: Uint8Array, at: number, signal?: AbortSignal): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const rest = target.subarray(done);
      const count = await this.inTurn(() =>
        retrying(() => this.attempt(rest, at + done, signal), this.retryPolicy, signal),
      );
      done += count;
      if (count === 0 || at + done >= (this.version.total ?? Infinity)) break;
    }
    return done;
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    await this.gate.take(1);
    try {
      return await task();
    } finally {
      this.gate.give(1);
    }
  }

  private get retryPolicy(): { retries: number; delay: number } {
    const { retries = HTTP_DEFAULTS.retries, retryDelay = HTTP_DEFAULTS.retryDelay } = this.options;
    return { retries, delay: retryDelay };
  }

  private async attempt(target: Uint8Array, at: number, signal?: AbortSignal): Promise<number> {
    if (this.closed) throw new StorageError(`${this.label} was closed`);
    if (this.whole !== undefined) return copyFrom(await this.whole, target, at);
    const attempt = new Attempt(this.options, signal);
    try {
      const response = await this.request(`bytes=${at}-${at + target.length - 1}`, attempt);
      if (response.status === 206) return await this.takeRange(response, target, at, attempt);
      if (response.status === 416) return this.beyond(response, at);
      if (response.status !== 200) throw this.refusal(response);
      return copyFrom(await this.takeAll(response, attempt), target, at);
    } catch (error) {
      throw attempt.failure(error);
    } finally {
      attempt.end();
    }
  }

  private async request(range: string | undefined, attempt: Attempt): Promise<Response> {
    const target = this.location ?? this.url;
    const headers = headersFor(target, this.url, { ...this.conditions(range), ...this.options.headers }, this.options);
    const { response, url } = await send(target, headers, this.options, attempt.signal);
    attempt.progress();
    if (this.location !== undefined && [401, 403, 404, 410].includes(response.status)) {
      // Redirects often lead to URLs that are valid for a while only.
      this.location = undefined;
      return this.request(range, attempt);
    }
    if (url !== this.url && response.ok) this.location = url;
    return response;
  }

  private conditions(range: string | undefined): Record<string, string> {
    const headers: Record<string, string> = {};
    if (range !== undefined) headers.Range = range;
    // Positions in a compressed answer would be those of the compressed bytes. Browsers see to it by themselves.
    if (baseUrl() === undefined) headers["Accept-Encoding"] = "identity";
    const { etag } = this.version;
    // A weak tag matches nothing (RFC 9110, 8.8.3.2); a page may not send the header to other origins unasked.
    const own = baseUrl() === undefined || new URL(this.url).origin === new URL(baseUrl() ?? "").origin;
    if (etag?.startsWith('"') && own) headers["If-Match"] = etag;
    return headers;
  }

  private async takeRange(response: Response, target: Uint8Array, at: number, attempt: Attempt): Promise<number> {
    const header = response.headers.get("content-range");
    const range = parseContentRange(header);
    if (header !== null && range?.start === undefined) throw this.wrong("an unreadable Content-Range", header);
    this.agree(response, range);
    const expected = this.expected(range, target.length, at, header);
    const count = await takeBody(response, target.subarray(0, expected), attempt);
    if (range === undefined && count < target.length) this.endsAt(response, at, count);
    else if (count < expected) throw new Transient(`the answer ended after ${count} of ${expected} bytes`);
    return count;
  }

  /** Bytes that the answer must have, by its Content-Range. Pages may be kept from seeing that one. */
  private expected(range: ContentRange | undefined, asked: number, at: number, header: string | null): number {
    if (range === undefined) return asked;
    const { start = 0, end = 0 } = range;
    if (start !== at || end <= start || end > at + asked) throw this.wrong(`bytes ${at} to ${at + asked - 1}`, header);
    return end - start;
  }

  /** Without Content-Range, a body as short as its Content-Length says ends where the file does. */
  private endsAt(response: Response, at: number, count: number): void {
    if (Number(response.headers.get("content-length")) !== count)
      throw new Transient(`the answer ended after ${count} bytes`);
    this.version.total ??= at + count;
  }

  private beyond(response: Response, at: number): number {
    const range = parseContentRange(response.headers.get("content-range"));
    if (range?.total !== undefined && range.total > at) throw this.wrong(`bytes from ${at} on`, "status 416");
    this.agree(response, range);
    return 0;
  }

  /** 200: the server ignored the range. The first such answer is taken whole, for all who wait. */
  private takeAll(response: Response, attempt: Attempt): Promise<Uint8Array> {
    if (this.whole === undefined) {
      const whole = this.takeOnce(response, attempt);
      this.whole = whole;
      whole.catch(() => {
        if (this.whole === whole) this.whole = undefined;
      });
    }
    return this.whole;
  }

  private async takeOnce(response: Response, attempt: Attempt): Promise<Uint8Array> {
    this.agree(response, undefined);
    const limit = this.options.wholeFileBytes ?? HTTP_DEFAULTS.wholeFileBytes;
    const declared = Number(response.headers.get("content-length") ?? 0);
    const whole = declared > limit ? undefined : await takeWhole(response, limit, attempt);
    if (whole === undefined) {
      throw new StorageError(
        `cannot read ${this.url}: the server knows no ranges and the file is too large to take whole`,
        {
          found: declared > 0 ? `${declared} bytes` : undefined,
          allowed: `option http.wholeFileBytes: ${limit}`,
        },
      );
    }
    const encoded = response.headers.has("content-encoding");
    if (!encoded && whole.length < declared) throw new Transient(`the answer ended after ${whole.length} bytes`);
    this.version.total ??= whole.length;
    if (whole.length !== this.version.total) throw this.changed("size", this.version.total, whole.length);
    return whole;
  }

  /** Takes the version from the first answer; refuses later ones of another version. */
  private agree(response: Response, range: ContentRange | undefined): void {
    const found: Version = {
      etag: response.headers.get("etag") ?? undefined,
      modified: response.headers.get("last-modified") ?? undefined,
      total: range?.total,
    };
    for (const name of ["etag", "total", "modified"] as const) {
      const value = found[name];
      if (value === undefined) continue;
      const known = this.version[name];
      if (known === undefined) Object.assign(this.version, { [name]: value });
      else if (known !== value) throw this.changed(name, known, value);
    }
  }

  /** For answers whose Content-Range a page may not see: the length of the whole, whose body is not waited for. */
  private async declaredSize(signal?: AbortSignal): Promise<number> {
    const total = await retrying(
      async () => {
        const attempt = new Attempt(this.options, signal);
        try {
          const response = await this.request(undefined, attempt);
          if (response.status !== 200) throw this.refusal(response);
          return Number(response.headers.get("content-length") ?? Number.NaN);
        } catch (error) {
          throw attempt.failure(error);
        } finally {
          attempt.end();
        }
      },
      this.retryPolicy,
      signal,
    );
    if (!Number.isSafeInteger(total)) throw new StorageError(`the server does not tell the size of ${this.url}`);
    return (this.version.total ??= total);
  }

  private refusal(response: Response): Error {
    const { status } = response;
    if (status === 412) return this.changed("etag", this.version.etag, "status 412");
    if (PASSING.has(status))
      return new Transient(`status ${status}`, { wait: retryAfter(response.headers.get("retry-after")) });
    if (status === 404 || status === 410)
      return new NotFoundError(`there is no file ${this.url}`, { found: `status ${status}` });
    return new StorageError(`cannot read ${this.url}`, { found: `status ${status}`, allowed: "206 or 200" });
  }

  private wrong(asked: string, found: unknown): StorageError {
    return new StorageError(`the server of ${this.url} answered what was not asked for`, { found, allowed: asked });
  }

  private changed(what: string, before: unknown, found: unknown): StorageError {
    return new StorageError(`${this.url} has changed since it was opened: its ${what} is another`, {
      found,
      allowed: String(before),
    });
  }

  private failure(cause: unknown): H5Error {
    if (cause instanceof H5Error) return cause;
    const reason = cause instanceof Transient ? `: ${cause.message}` : "";
    return new StorageError(`cannot read ${this.url}${reason}`, { cause });
  }
}

function copyFrom(whole: Uint8Array, target: Uint8Array, at: number): number {
  const part = whole.subarray(at, at + target.length);
  target.set(part);
  return part.length;
}
