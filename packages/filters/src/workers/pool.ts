/**
 * A pool of workers for codecs that run on the calling thread otherwise. Workers start when there is work for them, and
 * end with {@link WorkerPool.close}. Where none can be started, work is done on the calling thread.
 */
import { CodecError } from "../filter.ts";
import { adaptWorker, type PoolWorker, parallelism, startWorker } from "../platform.ts";
import type { Reply, Task } from "./protocol.ts";

/** Options of a pool. */
export interface WorkerPoolOptions {
  /** Workers at most; default: as many as the machine has cores, 8 at most. */
  readonly count?: number;
  /**
   * Makes a worker that runs `@h5ts/filters/worker`: a `Worker` of the browser or of `node:worker_threads`. Needed with
   * bundlers that do not find it themselves.
   */
  readonly create?: () => unknown;
  /** Chunks with fewer bytes of output are not worth the way to a worker; default 128 KB. */
  readonly minBytes?: number;
}

/** Tasks that wait at most; more are done on the calling thread. */
const MAX_WAITING = 256;
const MIN_BYTES = 128 * 1024;
const MAX_COUNT = 8;

/** A task with what to do about its outcome. */
interface Job {
  readonly task: Task;
  readonly resolve: (output: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** See the module's comment. */
export class WorkerPool {
  /** Chunks with fewer bytes of output stay on the calling thread. */
  readonly minBytes: number;
  readonly #count: number;
  readonly #create: (() => unknown) | undefined;
  readonly #workers = new Map<PoolWorker, Job | undefined>();
  readonly #waiting: Job[] = [];
  #next = 0;
  #broken = false;
  #closed = false;

  constructor(options: WorkerPoolOptions = {}) {
    this.#count = options.count ?? Math.min(MAX_COUNT, parallelism());
    this.#create = options.create;
    this.minBytes = options.minBytes ?? MIN_BYTES;
  }

  /** Whether a task of so many bytes goes to a worker now. */
  takes(bytes: number): boolean {
    return (
      bytes >= this.minBytes && this.#count > 0 && !this.#broken && !this.#closed && this.#waiting.length < MAX_WAITING
    );
  }

  /**
   * Decodes, or encodes where `size` is `undefined`. The input is copied.
   *
   * @throws CodecError as the codec does; also when the pool is closed meanwhile
   */
  run(
    filter: number,
    input: Uint8Array,
    clientData: Task["clientData"],
    size: Task["size"],
    inThread: () => Uint8Array | undefined,
  ): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      const task = { id: this.#next++, filter, input: input.slice(), clientData, size };
      // A worker that can not start, or dies, leaves the work to the calling thread.
      const fallBack = (error: Error): void => {
        if (this.#closed || error instanceof CodecError) reject(error);
        else {
          try {
            resolve(inThread());
          } catch (cause) {
            reject(cause as Error);
          }
        }
      };
      this.#waiting.push({ task, resolve, reject: fallBack });
      this.#dispatch();
    });
  }

  /** Ends all workers; tasks under way are rejected. */
  close(): void {
    this.#closed = true;
    const jobs = [...this.#waiting.splice(0), ...this.#workers.values()];
    for (const worker of this.#workers.keys()) worker.terminate();
    this.#workers.clear();
    for (const job of jobs) job?.reject(new CodecError("worker", "the pool was closed"));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle();
      if (!worker) return;
      const job = this.#waiting.shift() as Job;
      this.#workers.set(worker, job);
      worker.hold(true);
      worker.send(job.task, [job.task.input.buffer as ArrayBuffer]);
    }
  }

  /** A worker without a task, started if need be. */
  #idle(): PoolWorker | undefined {
    for (const [worker, job] of this.#workers) if (!job) return worker;
    if (this.#workers.size >= this.#count || this.#broken) return undefined;
    try {
      const worker = this.#create ? adaptWorker(this.#create()) : startWorker();
      worker.listen(
        (reply) => this.#finish(worker, reply as Reply),
        (error) => this.#fail(error),
      );
      this.#workers.set(worker, undefined);
      return worker;
    } catch (error) {
      this.#fail(error as Error);
      return undefined;
    }
  }

  #finish(worker: PoolWorker, reply: Reply): void {
    const job = this.#workers.get(worker);
    if (!job || job.task.id !== reply.id) return;
    this.#workers.set(worker, undefined);
    worker.hold(false);
    if ("output" in reply) job.resolve(reply.output);
    else job.reject(new CodecError(reply.filter, reply.reason.slice(reply.reason.indexOf(": ") + 2)));
    this.#dispatch();
  }

  /** A worker that fails once would fail again: all work is left to the calling thread from here on. */
  #fail(error: Error): void {
    this.#broken = true;
    const jobs = [...this.#waiting.splice(0), ...this.#workers.values()];
    for (const worker of this.#workers.keys()) worker.terminate();
    this.#workers.clear();
    for (const job of jobs) job?.reject(error);
  }
}
