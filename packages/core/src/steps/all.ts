/** Runs independent steps side by side, so that what they ask for in the same round is asked for at once. */
import type { Answer, Request, Steps } from "./steps.ts";
import type { Extent, Outcome, Storage } from "./storage.ts";

/** Children of one `all`: more are run in groups of this many, so that memory stays bounded. */
const GROUP = 1024;

type Single = Exclude<Request, { kind: "batch" }>;

/**
 * The values of all children, in their order. The reads of a round are joined into one request a storage, equal
 * extents are asked for once, and a failure is thrown only into the child concerned. The first child that fails makes
 * the whole fail; the others are closed where they stand.
 */
export function* all<T>(children: readonly Steps<T>[]): Steps<T[]> {
  const values: T[] = new Array(children.length);
  try {
    for (let from = 0; from < children.length; from += GROUP) {
      yield* group(children, from, Math.min(from + GROUP, children.length), values);
    }
  } catch (error) {
    for (const child of children) close(child);
    throw error;
  }
  return values;
}

/** Lets a child run its `finally` blocks; nothing happens where it has ended. What these throw matters no more. */
function close(child: Steps<unknown>): void {
  try {
    child.return(undefined);
  } catch {
    // The failure that closes it is the one to be reported.
  }
}

function* group<T>(children: readonly Steps<T>[], from: number, to: number, values: T[]): Steps<void> {
  let waiting: number[] = [];
  let requests: Request[] = [];
  for (let i = from; i < to; i++) {
    const result = children[i].next();
    if (result.done) values[i] = result.value;
    else {
      waiting.push(i);
      requests.push(result.value);
    }
  }
  while (waiting.length > 0) {
    const round = new Round(requests);
    const answers = (yield { kind: "batch", requests: round.requests }) as Answer[];
    const resumed = waiting;
    waiting = [];
    requests = [];
    for (let n = 0; n < resumed.length; n++) {
      const i = resumed[n];
      const answer = round.answer(n, answers);
      const result = answer instanceof Error ? children[i].throw(answer) : children[i].next(answer);
      if (result.done) values[i] = result.value;
      else {
        waiting.push(i);
        requests.push(result.value);
      }
    }
  }
}

/** The requests of one round, joined; and the way back from joined answers to each child's own. */
class Round {
  readonly requests: Single[] = [];
  private readonly back: ((answers: Answer[]) => Answer)[];
  private readonly reads = new Map<Storage, JoinedRead>();

  constructor(requests: readonly Request[]) {
    this.back = requests.map((request) => this.add(request));
  }

  answer(child: number, answers: Answer[]): Answer {
    return this.back[child](answers);
  }

  private add(request: Request): (answers: Answer[]) => Answer {
    if (request.kind === "batch") {
      const parts = request.requests.map((part) => this.add(part));
      return (answers) => parts.map((part) => part(answers));
    }
    if (request.kind === "read") return this.addRead(request.storage, request.extents);
    const slot = this.requests.push(request) - 1;
    return (answers) => answers[slot];
  }

  private addRead(storage: Storage, extents: readonly Extent[]): (answers: Answer[]) => Answer {
    const read = this.readOf(storage);
    const { slot } = read;
    const places = extents.map((extent) => place(read, extent));
    return (answers) => {
      const outcomes = answers[slot];
      return outcomes instanceof Error ? outcomes : places.map((index) => (outcomes as Outcome[])[index]);
    };
  }

  private readOf(storage: Storage): JoinedRead {
    let read = this.reads.get(storage);
    if (read === undefined) {
      const extents: Extent[] = [];
      const slot = this.requests.push({ kind: "read", storage, extents }) - 1;
      read = { slot, extents, byStart: new Map() };
      this.reads.set(storage, read);
    }
    return read;
  }
}

/** The reads of one storage in a round. */
interface JoinedRead {
  /** Number of the request. */
  readonly slot: number;
  readonly extents: Extent[];
  /** The last extent asked for that begins there. */
  readonly byStart: Map<number, number>;
}

/** The place of an extent in a joined read: that of an equal one, if there is one that the caller's buffer does not bind. */
function place(read: JoinedRead, extent: Extent): number {
  const { extents, byStart } = read;
  if (extent.into !== undefined) return extents.push(extent) - 1;
  const known = byStart.get(extent.at);
  if (known !== undefined && extents[known].length === extent.length) return known;
  const index = extents.push(extent) - 1;
  byStart.set(extent.at, index);
  return index;
}
