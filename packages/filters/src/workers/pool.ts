/**
 * A pool of workers for codecs that run on the calling thread otherwise. Workers start once there was enough work for
 * them, and end with {@link WorkerPool.close}. Where none can be started, work is done on the calling thread.
 */
import { CodecError } from "../filter.ts";
import { adaptWorker, findsWorkers, type PoolWorker, parallelism, startWorker } from "../platform.ts";
import { Pace } from "./pace.ts";
import type { FromWorker, Task } from "./protocol.ts";

/** Options of a pool. */
export interface WorkerPoolOptions {
  /** Workers at most; default: as many as the machine has cores, 8 at most. 0: none. */
  readonly count?: number;
  /**
   * Makes a worker that runs `@h5ts/filters/worker`: a `Worker` of the browser or of `node:worker_threads`. Needed with
   * bundlers that do not find it themselves.
   */
  readonly create?: () => unknown;
  /** Chunks of fewer bytes are not worth the way to a worker; default 64 KB. */
  readonly minBytes?: number;
  /**
   * Nor are those that take less time, in milliseconds, by what earlier ones took; default 0.25. Sending costs 1 ms for each MB
   * besides.
   */
  readonly minTime?: number;
  /**
   * Milliseconds of such work that are done on the calling thread before workers are started, which takes as long;
   * default 150. 0: they start with the first chunk, which waits for them.
   */
  readonly startAfter?: number;
}

/** What a codec is to do, and how it is done on the calling thread. */
export interface Work extends Omit<Task, "id"> {
  /** Bytes of the decoded chunk, as far as they are known. */
  readonly bytes: number;
  readonly inThread: () => Uint8Array | undefined;
  /** Gives up: work that waits is not done any more. */
  readonly signal?: AbortSignal;
}

/** Work that waits at most, for each worker; more is done on the calling thread. */
const MAX_WAITING = 16;
const MIN_BYTES = 64 * 1024;
const MIN_TIME = 0.25;
const START_AFTER = 150;
/** Milliseconds that sending of a byte may cost: the copy of the input, and memory that another core wrote. */
const PER_BYTE = 1e-6;
const MAX_COUNT = 8;

/** A task with what to do about its outcome. */
interface Job {
  readonly id: number;
  readonly work: Work;
  readonly resolve: (output: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
  readonly abort: () => void;
}

/** See the module's comment. */
export class WorkerPool {
  readonly #options: Required<Omit<WorkerPoolOptions, "create">>;
  readonly #create: (() => unknown) | undefined;
  readonly #pace = new Pace();
  /** Workers with what they do; `null`: they are about to start. */
  readonly #workers = new Map<PoolWorker, Job | undefined | null>();
  #waiting: Job[] = [];
  #next = 0;
  #broken = false;
  #closed = false;

  constructor(options: WorkerPoolOptions = {}) {
    const { count = Math.min(MAX_COUNT, parallelism()), minBytes = MIN_BYTES, minTime = MIN_TIME } = options;
    this.#options = { count, minBytes, minTime, startAfter: options.startAfter ?? START_AFTER };
    this.#create = options.create;
  }

  /** Whether workers are found without `create`, for sure: in Node. In browsers that is the bundler's affair. */
  static get available(): boolean {
    return findsWorkers();
  }

  /** Chunks of fewer bytes stay on the calling thread. */
  get minBytes(): number {
    return this.#options.minBytes;
  }

  /** How many workers there are now. */
  get size(): number {
    return this.#workers.size;
  }

  /**
   * Does the work in a worker, where it is worth that, else at once.
   *
   * @throws CodecError as the codec does, and when the pool is closed meanwhile; what `signal` says when it aborts
   */
  async run(work: Work): Promise<Uint8Array | undefined> {
    work.signal?.throwIfAborted();
    if (!this.#takes(work)) {
      // A worker that starts is not heard while this thread is busy.
      if (this.#isStarting()) await new Promise((go) => setTimeout(go, 0));
      return this.#here(work);
    }
    return new Promise((resolve, reject) => {
      const job: Job = { id: this.#next++, work, resolve, reject, abort: () => this.#give(job) };
      work.signal?.addEventListener("abort", job.abort);
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  /** Ends all workers; work under way is rejected. */
  close(): void {
    this.#closed = true;
    for (const job of this.#end()) this.#settle(job, () => job.reject(closed()));
  }

  #takes(work: Work): boolean {
    const { count, startAfter } = this.#options;
    if (this.#broken || this.#closed || count === 0 || !this.#isWorth(work)) return false;
    if (startAfter === 0) return this.#waiting.length < MAX_WAITING * count;
    if (this.#pace.spent < startAfter) return false;
    if (this.#workers.size === 0) this.#start();
    // Until a worker says that it is there, waiting for it would take longer than the work.
    return [...this.#workers.values()].some((job) => job !== null) && this.#waiting.length < MAX_WAITING * count;
  }

  #isWorth(work: Work): boolean {
    const { minBytes, minTime } = this.#options;
    if (work.bytes < minBytes) return false;
    return minTime === 0 || this.#pace.expected(work) >= minTime + work.input.length * PER_BYTE;
  }

  #here(work: Work): Uint8Array | undefined {
    const start = performance.now();
    const output = work.inThread();
    this.#pace.note(work, performance.now() - start);
    if (this.#isWorth(work)) this.#pace.spent += this.#pace.expected(work);
    return output;
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle();
      if (!worker) {
        this.#start();
        return;
      }
      const job = this.#waiting.shift() as Job;
      const { filter, clientData, size } = job.work;
      const input = job.work.input.slice();
      this.#workers.set(worker, job);
      worker.hold(true);
      worker.send({ id: job.id, filter, input, clientData, size } satisfies Task, [input.buffer as ArrayBuffer]);
    }
  }

  #idle(): PoolWorker | undefined {
    for (const [worker, job] of this.#workers) if (job === undefined) return worker;
    return undefined;
  }

  #isStarting(): boolean {
    return [...this.#workers.values()].includes(null);
  }

  /** Starts a worker, if there may be one more and none is about to start. */
  #start(): void {
    if (this.#workers.size >= this.#options.count || this.#isStarting()) return;
    try {
      const worker = this.#create ? adaptWorker(this.#create()) : startWorker();
      worker.listen(
        (message) => this.#hear(worker, message as FromWorker),
        (error) => this.#fail(error),
      );
      worker.hold(this.#waiting.length > 0);
      this.#workers.set(worker, null);
    } catch {
      this.#fail();
    }
  }

  #hear(worker: PoolWorker, message: FromWorker): void {
    const job = this.#workers.get(worker);
    if (this.#closed || (job === undefined && !this.#workers.has(worker))) return;
    this.#workers.set(worker, undefined);
    worker.hold(false);
    if (job && !("ready" in message) && job.id === message.id) {
      if ("output" in message) {
        this.#pace.note(job.work, message.time);
        this.#settle(job, () => job.resolve(message.output));
      } else this.#settle(job, () => job.reject(new CodecError(message.filter, message.reason)));
    }
    this.#dispatch();
  }

  /** A job whose caller gave up. */
  #give(job: Job): void {
    this.#waiting = this.#waiting.filter((one) => one !== job);
    this.#settle(job, () => job.reject(job.work.signal?.reason));
  }

  /** A worker that fails once would fail again: all work is left to the calling thread from here on. */
  #fail(_error?: Error): void {
    this.#broken = true;
    for (const job of this.#end()) {
      this.#settle(job, () => {
        try {
          job.resolve(this.#here(job.work));
        } catch (error) {
          job.reject(error);
        }
      });
    }
  }

  /** Ends all workers; gives what was not done. */
  #end(): Job[] {
    const jobs = [...this.#waiting, ...this.#workers.values()].filter((job) => job !== undefined && job !== null);
    for (const worker of this.#workers.keys()) worker.terminate();
    this.#workers.clear();
    this.#waiting = [];
    return jobs;
  }

  #settle(job: Job, how: () => void): void {
    job.work.signal?.removeEventListener("abort", job.abort);
    how();
  }
}

const closed = (): CodecError => new CodecError("worker", "the pool was closed");
