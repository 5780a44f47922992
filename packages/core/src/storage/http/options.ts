/** Options of reading over HTTP. */

/** The part of the platform's `fetch` that is used; give another to sign requests, to cache or to test. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly headers: Record<string, string>;
  readonly credentials: RequestCredentials;
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal;
}

export interface HttpOptions {
  /** Default: `globalThis.fetch`. */
  readonly fetch?: Fetch;
  /** Sent with every request to the URL's own origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Cookies and the like, in browsers. Default `"omit"`. */
  readonly credentials?: RequestCredentials;
  /** How often a request is repeated after a failure that may pass (5xx, 429, 408, a broken connection). Default 4. */
  readonly retries?: number;
  /** Milliseconds before the first repetition; doubled with each, with jitter. Default 200. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which a request counts as failed. Default 30,000. */
  readonly timeout?: number;
  /** Requests in flight at most. Default 16. */
  readonly parallel?: number;
  /** Bytes up to which a file is taken whole from a server that knows no ranges. Default 256 MiB. */
  readonly wholeFileBytes?: number;
  /**
   * Whether a redirect to this URL may be followed. Where given, redirects are followed one by one, each only after this
   * said so; browsers do not show where a redirect leads, so there all are refused. Default: the platform follows them.
   */
  readonly redirect?: (to: URL) => boolean;
}

type Defaulted = "retries" | "retryDelay" | "timeout" | "parallel" | "wholeFileBytes";

export const HTTP_DEFAULTS: Readonly<Required<Pick<HttpOptions, Defaulted>>> = {
  retries: 4,
  retryDelay: 200,
  timeout: 30_000,
  parallel: 16,
  wholeFileBytes: 256 << 20,
};
