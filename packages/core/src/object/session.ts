/** What the objects of one open file share: its reader, its mode, and whether it is still open. */
import type { AnyObjectInfo, GroupInfo, Reader } from "../contract.ts";
import type { ResultLimits } from "../data/codecs/budget.ts";
import { ClosedError, FormatError } from "../errors.ts";
import { perform, type Steps } from "../steps/steps.ts";
import type { Classes } from "./classes.ts";
import type { H5File } from "./file.ts";
import { type Calls, type Mode, type Outcomes, type Returned, run, UNWATCHED } from "./mode.ts";

/** An object, the path that led to it, and the group in which it was found: what the public classes stand on. */
export interface Node<out M extends Mode, out I extends AnyObjectInfo = AnyObjectInfo> {
  readonly session: Session<M>;
  readonly info: I;
  /** From the root of its file; `undefined` if a reference led to it. */
  readonly name: string | undefined;
  /** `undefined` of the root, and if a reference led to it. */
  readonly parent: Node<M, GroupInfo> | undefined;
}

export function isGroupNode<M extends Mode>(node: Node<M>): node is Node<M, GroupInfo> {
  return node.info.kind === "group";
}

/** Versions of the library by whose structures a file is written. */
export type LibraryVersion = "earliest" | "v108" | "v110" | "v112" | "v114" | "v200" | "latest";

/** What a file was opened with, as far as its objects need it. */
export interface SessionOptions {
  /** Oldest and newest library version whose structures are written (option `libver`). */
  readonly libver: readonly [low: LibraryVersion, high: LibraryVersion];
  /** Bounds on the values of one read (option `limits`). */
  readonly limits: ResultLimits;
  /** Name of a filter by its id, where the registry that the file was opened with knows it. */
  readonly filterName: (id: number) => string | undefined;
  /** Stops every call on the file, in async mode. */
  readonly signal?: AbortSignal;
  /** Lets go of what works for the file alone, when it is closed. */
  readonly release?: () => void;
}

/** Whether a file is open and how many calls are under way: shared by it and all files reached from it. */
class Activity implements Calls {
  closed = false;
  private running = 0;
  private waiting: (() => void)[] = [];

  begin(): void {
    this.running++;
    this.check();
  }

  check(): void {
    if (this.closed) throw new ClosedError("the file is closed");
  }

  end(): void {
    if (--this.running > 0) return;
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** When no call is under way any more. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resume) => this.waiting.push(resume));
  }
}

/** What all files of one `open` have in common from the start. */
export interface Given<out M extends Mode> {
  readonly mode: M;
  readonly options: SessionOptions;
  readonly classes: Classes;
}

/** One file: the one that was opened, or one that an external link led into. */
export class Session<out M extends Mode> {
  readonly mode: M;
  readonly reader: Reader;
  readonly options: SessionOptions;
  readonly classes: Classes;
  readonly root: Node<M, GroupInfo>;
  private shown: H5File<M> | undefined;
  private readonly activity: Activity;
  private readonly others: Map<Reader, Session<M>>;

  private constructor(given: Given<M>, reader: Reader, root: GroupInfo, from?: Session<M>) {
    const { mode, options, classes } = given;
    this.mode = mode;
    this.reader = reader;
    this.options = options;
    this.classes = classes;
    this.root = { session: this, info: root, name: "/", parent: undefined };
    this.activity = from?.activity ?? new Activity();
    this.others = from?.others ?? new Map();
    this.others.set(reader, this);
  }

  static *open<M extends Mode>(given: Given<M>, reader: Reader, from?: Session<M>): Steps<Session<M>> {
    const info = yield* reader.object(reader.info.root);
    if (info.kind !== "group") {
      throw new FormatError("the root object is not a group", { address: info.address, found: info.kind });
    }
    return new Session(given, reader, info, from);
  }

  /** The file as its users see it: one object. */
  get file(): H5File<M> {
    return (this.shown ??= this.classes.file(this));
  }

  get closed(): boolean {
    return this.activity.closed;
  }

  /** Runs steps on behalf of the object at `path`, which errors that do not know their object then name. */
  run<T>(steps: Steps<T>, path: string | undefined, signal?: AbortSignal): Outcomes<T>[M] {
    return run(this.mode, steps, this.activity, path, this.joined(signal));
  }

  /** The session of another reader, which a link led to. */
  *of(reader: Reader): Steps<Session<M>> {
    return this.others.get(reader) ?? (yield* Session.open(this, reader, this));
  }

  /** Calls a function of the caller, which may do anything, closing the file included. */
  *call<T>(fn: () => Returned<T>[M]): Steps<T> {
    const { activity } = this;
    const value = yield* perform<unknown>(fn, async () => {
      activity.end();
      try {
        return await fn();
      } finally {
        activity.begin();
      }
    });
    activity.check();
    return value as T;
  }

  /** Refuses further calls, waits for those under way, and lets go of the storage. */
  close(): Outcomes<void>[M] {
    return run(this.mode, this.closing(), UNWATCHED, undefined);
  }

  private *closing(): Steps<void> {
    const { activity, reader } = this;
    if (activity.closed) return;
    activity.closed = true;
    yield* perform(
      () => undefined,
      () => activity.idle(),
    );
    try {
      yield* reader.close();
    } finally {
      this.options.release?.();
    }
  }

  private joined(call: AbortSignal | undefined): AbortSignal | undefined {
    const whole = this.options.signal;
    return call === undefined || whole === undefined ? (call ?? whole) : AbortSignal.any([call, whole]);
  }
}
