/** Runs independent steps side by side, so that what they ask for in the same round is asked for at once. */
import type { Answer, Request, Steps } from "./steps.ts";
import type { Extent, Outcome, Storage } from "./storage.ts";

/** Children of one `all`: more are run in groups of this many, so that memory stays bounded. */
const GROUP = 1024;

type Single = Exclude<Request, { kind: "batch" }>;

interface Child {
  readonly index: number;
  readonly steps: Steps<unknown>;
  request: Request;
}

/**
 * The values of all children, in their order. The reads of a round are joined into one request a storage, equal
 * extents are asked for once, and a failure is thrown only into the child concerned. The first child that fails makes the whole fail.
 */
export function* all<T>(children: readonly Steps<T>[]): Steps<T[]> {
  const values: T[] = new Array(children.length);
  for (let from = 0; from < children.length; from += GROUP) {
    yield* group(children.slice(from, from + GROUP), from, values);
  }
  return values;
}

function* group<T>(steps: readonly Steps<T>[], from: number, values: T[]): Steps<void> {
  let waiting: Child[] = [];
  const resume = (child: Omit<Child, "request">, go: () => IteratorResult<Request, unknown>, into: Child[]): void => {
    const result = go();
    if (result.done) values[child.index] = result.value as T;
    else into.push({ ...child, request: result.value });
  };
  steps.forEach((child, i) => {
    resume({ index: from + i, steps: child }, () => child.next(), waiting);
  });
  while (waiting.length > 0) {
    const round = new Round(waiting.map((child) => child.request));
    const answers = (yield { kind: "batch", requests: round.requests }) as Answer[];
    const next: Child[] = [];
    waiting.forEach((child, i) => {
      const answer = round.answer(i, answers);
      resume(child, () => (answer instanceof Error ? child.steps.throw(answer) : child.steps.next(answer)), next);
    });
    waiting = next;
  }
}

/** The requests of one round, joined; and the way back from joined answers to each child's own. */
class Round {
  readonly requests: Single[] = [];
  private readonly back: ((answers: Answer[]) => Answer)[] = [];
  private readonly reads = new Map<Storage, { slot: number; extents: Extent[]; places: Map<string, number> }>();

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
    let joined = this.reads.get(storage);
    if (joined === undefined) {
      const list: Extent[] = [];
      const slot = this.requests.push({ kind: "read", storage, extents: list }) - 1;
      joined = { slot, extents: list, places: new Map() };
      this.reads.set(storage, joined);
    }
    const { slot, extents: list, places } = joined;
    const indices = extents.map((extent) => {
      if (extent.into !== undefined) return list.push(extent) - 1;
      const key = `${extent.at}:${extent.length}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const index = list.push(extent) - 1;
      places.set(key, index);
      return index;
    });
    return (answers) => {
      const outcomes = answers[slot];
      return outcomes instanceof Error ? outcomes : indices.map((index) => (outcomes as Outcome[])[index]);
    };
  }
}
