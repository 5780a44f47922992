/**
 * Inflaters of Node's that serve again and again and put their output where they are told. `inflateSync` and `inflate` make an
 * inflater, memory for its output and a stream anew each time, which takes a third more time (tried: 130 MB in chunks of
 * 1 MiB, 0.20 against 0.27 s), and garbage on top of it.
 */
import { nodeZlib } from "../platform.ts";

/** What Node's streams of zlib are made of. It is not documented: whoever uses it must do without where it is otherwise. */
interface Handle {
  reset(): void;
  writeSync: Write;
  /** The same in the thread pool, until {@link cb} or {@link onerror} is called. */
  write: Write;
  cb: () => void;
  onerror: () => void;
}

type Write = (
  flush: number,
  input: Uint8Array,
  inputOffset: number,
  inputLength: number,
  output: Uint8Array,
  outputOffset: number,
  outputLength: number,
) => void;

/** Takes the byte that must not come. */
const spare = /* @__PURE__ */ new Uint8Array(1);

class Inflater {
  readonly #handle: Handle;
  /** What is left when a write is done: room in the output, and input. */
  readonly #state: Uint32Array;
  readonly #finish: number;
  #failed = false;
  #done: () => void = () => {};

  constructor(handle: Handle, state: Uint32Array, finish: number) {
    this.#handle = handle;
    this.#state = state;
    this.#finish = finish;
    handle.cb = () => this.#done();
    handle.onerror = () => {
      this.#failed = true;
      this.#done();
    };
  }

  /** Whether the input is a zlib stream whose output just fills `output`, which has one byte at least. */
  run(input: Uint8Array, output: Uint8Array): boolean {
    this.#begin();
    this.#handle.writeSync(this.#finish, input, 0, input.length, output, 0, output.length);
    return this.#isDone(input);
  }

  /** The same in the thread pool; `input` and `output` belong to it until then. */
  runAsync(input: Uint8Array, output: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      this.#begin();
      this.#done = () => {
        this.#done = () => {};
        resolve(this.#isDone(input));
      };
      this.#handle.write(this.#finish, input, 0, input.length, output, 0, output.length);
    });
  }

  #begin(): void {
    this.#failed = false;
    this.#handle.reset();
  }

  /** The stream has ended, its checksum included, if with more room no byte comes and no error. */
  #isDone(input: Uint8Array): boolean {
    const [room, rest] = this.#state;
    if (this.#failed || room > 0) return false;
    this.#handle.writeSync(this.#finish, input, input.length - rest, rest, spare, 0, 1);
    return !this.#failed && this.#state[0] === 1;
  }
}

function makeInflater(): Inflater | undefined {
  const zlib = nodeZlib();
  if (!zlib) return undefined;
  const stream = zlib.createInflate() as { _handle?: Partial<Handle>; _writeState?: unknown };
  const { _handle: handle, _writeState: state } = stream;
  for (const name of ["reset", "writeSync", "write"] as const)
    if (typeof handle?.[name] !== "function") return undefined;
  if (!(state instanceof Uint32Array) || state.length < 2) return undefined;
  // A stream that is destroyed is told of a write by `cb` alone, and looks at nothing that came of it.
  Object.defineProperty(stream, "destroyed", { value: true });
  return new Inflater(handle as Handle, state, zlib.constants.Z_FINISH);
}

/** "hello" as a zlib stream. */
const HELLO = [120, 156, 203, 72, 205, 201, 201, 7, 0, 6, 44, 2, 21];
/** Inflaters that are kept while they have nothing to do. */
const KEPT = 8;

let inflater: Inflater | undefined | null = null;
/** Whether inflaters work in the thread pool: known once one has. */
let pooled: boolean | undefined;
const idle: Inflater[] = [];

/** Inflates a zlib stream into memory at hand that its output just fills; `false` where that did not work, whatever the reason. */
export function nodeInflateInto(input: Uint8Array, output: Uint8Array): boolean {
  if (output.length === 0) return false;
  if (inflater === null) {
    inflater = makeInflater();
    const hello = new Uint8Array(5);
    const works = inflater?.run(Uint8Array.from(HELLO), hello) && hello[4] === 0x6f && !inflater.run(hello, hello);
    if (!works) inflater = undefined;
  }
  return inflater?.run(input, output) ?? false;
}

/** {@link nodeInflateInto} in the thread pool; `undefined` where that is not to be had, or not known yet. */
export function nodeInflateIntoAsync(input: Uint8Array, output: Uint8Array): Promise<boolean> | undefined {
  if (pooled === undefined) void tryPool();
  if (!pooled || output.length === 0) return undefined;
  return inPool(idle.pop() ?? makeInflater(), input, output);
}

async function inPool(one: Inflater | undefined, input: Uint8Array, output: Uint8Array): Promise<boolean> {
  const done = (await one?.runAsync(input, output)) ?? false;
  if (one && idle.length < KEPT) idle.push(one);
  return done;
}

/** Until an inflater has answered nobody waits for one: where Node does otherwise there might be no answer. */
async function tryPool(): Promise<void> {
  pooled = false;
  const hello = new Uint8Array(5);
  pooled = (await inPool(makeInflater(), Uint8Array.from(HELLO), hello)) && hello[4] === 0x6f;
}
