/**
 * A loopback HTTP server for tests: byte ranges, entity tags and conditional requests as RFC 9110 has them, and on
 * request every misbehaviour that a storage over HTTP must stand. It logs each request with the bytes it sent.
 *
 * ```ts
 * const server = await startRangeServer({ "a.h5": bytes }, { latency: 30 });
 * await fetch(server.url("a.h5"), { headers: { range: "bytes=0-7" } });
 * server.requests.length; server.bytesSent; server.rounds; server.peakInFlight;
 * await server.close();
 * ```
 */
import { open } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** How the server behaves; may be changed at any time, and for a single request by {@link Behaviour.fault}. */
export interface Behaviour {
  /** Milliseconds before an answer starts. Default 0. */
  latency?: number;
  /** Entity tag; `null` sends none. Default: `"v1"`, quoted, strong. */
  etag?: string | null;
  /** Ignore `Range`: 200 and the whole file. */
  ignoreRange?: boolean;
  /** Answer at most this many bytes of a range, saying so honestly in Content-Range. */
  maxRange?: number;
  /** Send this many bytes fewer than Content-Length promises, then drop the connection. */
  cut?: number;
  /** Answer the range moved by this many bytes, saying so in Content-Range. */
  shift?: number;
  /** Content-Range: right, without the total (`bytes 0-7/*`), absent, or of a range other than the one sent. */
  contentRange?: "exact" | "no-total" | "absent" | "wrong";
  /** Compress the answer, as some proxies do even to ranges. */
  gzip?: boolean;
  /** Answer with this status and an empty body. */
  status?: number;
  /** Seconds for a Retry-After header beside {@link Behaviour.status}. */
  retryAfter?: number;
  /** Drop the connection before an answer, or never answer. */
  connection?: "reset" | "hang";
  /** Redirect to this path with 302. */
  redirect?: string;
  /** Send CORS headers, so that browsers let a page of another origin read it. Default true. */
  cors?: boolean;
  /** Further response headers. */
  headers?: Record<string, string>;
  /** Called for each request with its number, from 0; what it returns is laid over the behaviour for that request. */
  fault?: (index: number, request: LoggedRequest) => Behaviour | undefined;
}

/** One request as it was seen and answered. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes asked for, `end` exclusive; absent without a (satisfiable) Range header. */
  range?: { start: number; end: number };
  /** 0 until an answer started. */
  status: number;
  /** Bytes of the answer's body that were sent. */
  sent: number;
}

/** What is served under a path: bytes, or a file of the disk by name. */
export type Served = Uint8Array | string;

/** The first `count` requests fail with `status`, all others go well: for {@link Behaviour.fault}. */
export const failFirst =
  (count: number, failure: Behaviour = { status: 503 }): NonNullable<Behaviour["fault"]> =>
  (index) =>
    index < count ? failure : undefined;

export class RangeServer {
  readonly requests: LoggedRequest[] = [];
  behaviour: Behaviour;
  /** Served content by path, without leading slash. */
  readonly files: Map<string, Served>;
  /** Largest number of requests that were under way at once. */
  peakInFlight = 0;
  /** Rounds of requests: how often a request came in while no other was under way. Meaningful with latency. */
  rounds = 0;
  private inFlight = 0;
  private readonly server: Server;

  constructor(files: Record<string, Served>, behaviour: Behaviour) {
    this.files = new Map(Object.entries(files));
    this.behaviour = behaviour;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server.unref();
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get bytesSent(): number {
    return this.requests.reduce((sum, request) => sum + request.sent, 0);
  }

  url(path: string): string {
    return `${this.origin}/${encodeURI(path)}`;
  }

  /** Forgets the requests logged so far. */
  reset(): void {
    this.requests.length = 0;
    this.peakInFlight = 0;
    this.rounds = 0;
  }

  async listen(): Promise<this> {
    await new Promise<void>((done, fail) => {
      this.server.once("error", fail);
      this.server.listen(0, "127.0.0.1", done);
    });
    return this;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname).slice(1);
    const log: LoggedRequest = { method: request.method ?? "", path, headers: request.headers, status: 0, sent: 0 };
    const index = this.requests.push(log) - 1;
    const behaviour = { ...this.behaviour, ...this.behaviour.fault?.(index, log) };
    if (this.inFlight++ === 0) this.rounds++;
    this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
    response.once("close", () => this.inFlight--);
    if (behaviour.latency) await new Promise((done) => setTimeout(done, behaviour.latency));
    if (behaviour.connection === "hang") return;
    if (behaviour.connection === "reset") return void response.destroy();
    setCommonHeaders(response, behaviour);
    const early = earlyStatus(request, behaviour);
    if (early !== undefined) return finish(response, log, early);
    const served = this.files.get(path);
    if (served === undefined) return finish(response, log, 404);
    await sendContent(request, response, log, served, behaviour);
  }
}

/** Types without which browsers take no page, script or WebAssembly module. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
};

const contentType = (path: string): string =>
  CONTENT_TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";

/** Starts a server on a free loopback port. It does not keep the process alive. */
export const startRangeServer = (files: Record<string, Served>, behaviour: Behaviour = {}): Promise<RangeServer> =>
  new RangeServer(files, behaviour).listen();

const etagOf = (behaviour: Behaviour): string | null => (behaviour.etag === undefined ? '"v1"' : behaviour.etag);

function setCommonHeaders(response: ServerResponse, behaviour: Behaviour): void {
  const etag = etagOf(behaviour);
  if (etag !== null) response.setHeader("ETag", etag);
  if (behaviour.retryAfter !== undefined) response.setHeader("Retry-After", String(behaviour.retryAfter));
  if (behaviour.cors !== false) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Range, If-Match, If-Range");
    response.setHeader("Access-Control-Expose-Headers", "Content-Range, Content-Length, ETag, Accept-Ranges");
  }
  if (!behaviour.ignoreRange) response.setHeader("Accept-Ranges", "bytes");
  for (const [name, value] of Object.entries(behaviour.headers ?? {})) response.setHeader(name, value);
  if (behaviour.redirect !== undefined) response.setHeader("Location", behaviour.redirect);
}

/** The status of answers that have no body: ordered failures, redirects, preflights, failed preconditions. */
function earlyStatus(request: IncomingMessage, behaviour: Behaviour): number | undefined {
  if (behaviour.status !== undefined) return behaviour.status;
  if (behaviour.redirect !== undefined) return 302;
  if (request.method === "OPTIONS") return 204;
  if (request.method !== "GET" && request.method !== "HEAD") return 405;
  const wanted = request.headers["if-match"];
  // Strong comparison (RFC 9110, 8.8.3.2): a weak tag matches nothing.
  if (wanted !== undefined && wanted !== "*" && (wanted !== etagOf(behaviour) || wanted.startsWith("W/"))) return 412;
  return undefined;
}

function finish(response: ServerResponse, log: LoggedRequest, status: number): void {
  log.status = status;
  response.writeHead(status, { "Content-Length": 0 }).end();
}

async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  log: LoggedRequest,
  served: Served,
  behaviour: Behaviour,
): Promise<void> {
  const total = await sizeOf(served);
  const header = rangeHeader(request, behaviour);
  const asked = header === undefined ? undefined : parseRange(header, total);
  if (asked === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${total}`);
    return finish(response, log, 416);
  }
  let { start, end } = asked ?? { start: 0, end: total };
  if (asked !== undefined) {
    log.range = { ...asked };
    start = Math.min(Math.max(start + (behaviour.shift ?? 0), 0), total - 1);
    end = Math.min(end + (behaviour.shift ?? 0), total, start + (behaviour.maxRange ?? Infinity));
    const said = contentRange(start, end, total, behaviour);
    if (said !== undefined) response.setHeader("Content-Range", said);
  }
  log.status = asked === undefined ? 200 : 206;
  response.setHeader("Content-Type", contentType(log.path));
  const plain = request.method === "HEAD" ? undefined : await readServed(served, start, end);
  const body = plain !== undefined && behaviour.gzip ? gzipSync(plain) : plain;
  if (behaviour.gzip) response.setHeader("Content-Encoding", "gzip");
  response.writeHead(log.status, { "Content-Length": body?.length ?? end - start });
  sendBody(response, log, body, behaviour.cut ?? 0);
}

function sendBody(response: ServerResponse, log: LoggedRequest, body: Uint8Array | undefined, cut: number): void {
  if (body === undefined) return void response.end();
  const part = body.subarray(0, Math.max(0, body.length - cut));
  log.sent += part.length;
  if (part.length === body.length) return void response.end(part);
  response.flushHeaders();
  response.write(part, () => response.destroy());
}

/** The Range header, unless it is to be ignored, also because If-Range names another version. */
function rangeHeader(request: IncomingMessage, behaviour: Behaviour): string | undefined {
  const ifRange = request.headers["if-range"];
  if (behaviour.ignoreRange || (ifRange !== undefined && ifRange !== etagOf(behaviour))) return undefined;
  return request.method === "GET" ? request.headers.range : undefined;
}

/** One range; several, or other units, are ignored as the RFC allows. */
function parseRange(header: string, total: number): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const count = Math.min(Number(match[2]), total);
    return count === 0 ? "unsatisfiable" : { start: total - count, end: total };
  }
  const start = Number(match[1]);
  const last = match[2] === "" ? Infinity : Number(match[2]);
  if (last < start) return undefined;
  return start >= total ? "unsatisfiable" : { start, end: Math.min(last + 1, total) };
}

function contentRange(start: number, end: number, total: number, behaviour: Behaviour): string | undefined {
  switch (behaviour.contentRange) {
    case "absent":
      return undefined;
    case "no-total":
      return `bytes ${start}-${end - 1}/*`;
    case "wrong":
      return `bytes ${start + 1}-${end}/${total}`;
    default:
      return `bytes ${start}-${end - 1}/${total}`;
  }
}

async function sizeOf(served: Served): Promise<number> {
  if (typeof served !== "string") return served.length;
  await using file = await open(served);
  return (await file.stat()).size;
}

async function readServed(served: Served, start: number, end: number): Promise<Uint8Array> {
  if (typeof served !== "string") return served.subarray(start, end);
  await using file = await open(served);
  const target = new Uint8Array(end - start);
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await file.read(target, done, target.length - done, start + done);
    if (bytesRead === 0) throw new Error(`${served} became shorter while it was served`);
    done += bytesRead;
  }
  return target;
}
