/** What the objects of one open file share: its reader, its mode, and whether it is still open. */
import type { AnyObjectInfo, GroupInfo, Reader } from "../contract.ts";
import type { ResultLimits } from "../data/codecs/budget.ts";
import { ClosedError, FormatError } from "../errors.ts";
import { perform, type Steps } from "../steps/steps.ts";
import { Activity } from "./activity.ts";
import type { Classes } from "./classes.ts";
import type { H5File } from "./file.ts";
import { type CallOptions, type Mode, type Outcomes, type Returned, run, UNWATCHED } from "./mode.ts";
import type { Writer } from "./writer.ts";

/** An object, the path that led to it, and the group in which it was found: what the public classes stand on. */
export interface Node<out M extends Mode, out I extends AnyObjectInfo = AnyObjectInfo> {
  readonly session: Session<M>;
  readonly info: I;
  /** From the root of its file; `undefined` if a reference led to it. */
  readonly name: string | undefined;
  /** `undefined` of the root, and if a reference led to it. */
  readonly parent: Node<M, GroupInfo> | undefined;
  /** NotFoundError if the object was deleted since; absent in files that are not changed. */
  readonly check?: () => void;
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

/** What all files of one `open` have in common from the start. */
export interface Given<out M extends Mode> {
  readonly mode: M;
  readonly options: SessionOptions;
  readonly classes: Classes;
  /** How calls wait for one another, where the file may be changed. */
  readonly running?: Activity;
}

/** A file to be read, and what changes it. */
export interface Files {
  readonly reader: Reader;
  readonly writer?: Writer;
}

/** One file: the one that was opened, or one that an external link led into. */
export class Session<out M extends Mode> {
  readonly mode: M;
  readonly reader: Reader;
  readonly options: SessionOptions;
  readonly classes: Classes;
  /** Changes the file; `undefined` where it is open for reading. */
  readonly writer: Writer | undefined;
  readonly root: Node<M, GroupInfo>;
  private shown: H5File<M> | undefined;
  private readonly activity: Activity;
  private readonly others: Map<Reader, Session<M>>;

  private constructor(given: Given<M>, files: Files, root: GroupInfo, from?: Session<M>) {
    const { mode, options, classes } = given;
    const { reader, writer } = files;
    this.mode = mode;
    this.reader = reader;
    this.options = options;
    this.classes = classes;
    this.writer = writer;
    this.root = this.node(root, "/", undefined);
    this.activity = from?.activity ?? given.running ?? new Activity();
    this.others = from?.others ?? new Map();
    this.others.set(reader, this);
  }

  static *open<M extends Mode>(given: Given<M>, files: Files, from?: Session<M>): Steps<Session<M>> {
    const { reader } = files;
    const info = yield* reader.object(reader.info.root);
    if (info.kind !== "group") {
      throw new FormatError("the root object is not a group", { address: info.address, found: info.kind });
    }
    return new Session(given, files, info, from);
  }

  /** The file as its users see it: one object. */
  get file(): H5File<M> {
    return (this.shown ??= this.classes.file(this));
  }

  get closed(): boolean {
    return this.activity.closed;
  }

  /** An object of this file, found under a name in a group. */
  node<I extends AnyObjectInfo>(info: I, name: string | undefined, parent: Node<M, GroupInfo> | undefined): Node<M, I> {
    return this.writer?.node(this, info, name, parent) ?? { session: this, info, name, parent };
  }

  /** Runs steps on behalf of the object at `path`, which errors that do not know their object then name. */
  run<T>(steps: Steps<T>, path: string | undefined, signal?: AbortSignal): Outcomes<T>[M] {
    return run(this.mode, steps, this.activity, path, this.joined(signal));
  }

  /**
   * The same with steps that change the file: alone, and not stopped once they have begun. `other`: another open file that they
   * read. ClosedError where the file is open for reading.
   */
  change<T>(
    change: (writer: Writer) => Steps<T>,
    path: string | undefined,
    signal?: AbortSignal,
    other?: Session<Mode>,
  ): Outcomes<T>[M] {
    const calls = this.activity.changes(other?.activity);
    return run(this.mode, this.changing(change), calls, path, this.joined(signal));
  }

  /** The session of another reader, which a link led to. */
  *of(reader: Reader): Steps<Session<M>> {
    return this.others.get(reader) ?? (yield* Session.open(this, { reader }, this));
  }

  /** Calls a function of the caller, which may do anything, closing the file included. */
  *call<T>(fn: () => Returned<T>[M]): Steps<T> {
    const { activity } = this;
    const value = yield* perform<unknown>(fn, async () => {
      activity.end();
      try {
        return await fn();
      } finally {
        await activity.resume();
      }
    });
    activity.check();
    return value as T;
  }

  /** Refuses further calls, waits for those under way, commits, and lets go of the storage. */
  close(): Outcomes<void>[M] {
    return run(this.mode, this.closing(), UNWATCHED, undefined);
  }

  private *closing(): Steps<void> {
    const { activity, reader, writer } = this;
    if (!activity.close()) return;
    yield* perform(
      () => undefined,
      () => activity.idle(),
    );
    try {
      if (writer !== undefined) yield* writer.finish();
    } finally {
      try {
        yield* reader.close();
      } finally {
        this.options.release?.();
      }
    }
  }

  private *changing<T>(change: (writer: Writer) => Steps<T>): Steps<T> {
    const { writer, reader } = this;
    if (writer !== undefined) return yield* change(writer);
    throw new ClosedError("was opened read-only", { structure: "File", found: reader.info.label, allowed: "mode r+" });
  }

  private joined(call: AbortSignal | undefined): AbortSignal | undefined {
    const whole = this.options.signal;
    return call === undefined || whole === undefined ? (call ?? whole) : AbortSignal.any([call, whole]);
  }
}

/** Runs steps on behalf of an object, at its own path if not at another. NotFoundError if it was deleted. */
export function runOn<M extends Mode, T>(
  node: Node<M>,
  steps: Steps<T>,
  options: CallOptions | undefined,
  path: string | undefined = node.name,
): Outcomes<T>[M] {
  return node.session.run(node.check === undefined ? steps : checked(node, steps), path, options?.signal);
}

/** The same with steps that change its file. */
export function changeOn<M extends Mode, T>(
  node: Node<M>,
  change: (writer: Writer) => Steps<T>,
  options: CallOptions | undefined,
  path: string | undefined = node.name,
  other?: Session<Mode>,
): Outcomes<T>[M] {
  return node.session.change((writer) => checked(node, change(writer)), path, options?.signal, other);
}

function* checked<T>(node: Node<Mode>, steps: Steps<T>): Steps<T> {
  node.check?.();
  return yield* steps;
}
