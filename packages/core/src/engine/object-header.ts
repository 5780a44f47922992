/** Object headers, put together from their blocks. */
import type { Address } from "../bytes/address.ts";
import type { AnyObjectInfo } from "../contract.ts";
import { FormatError, UnsupportedError } from "../errors.ts";
import { type Continuation, continuationMessage } from "../format/messages/continuation.ts";
import { FIRST_UNKNOWN_TYPE, MessageFlag, MessageType } from "../format/messages/message-type.ts";
import {
  CONTINUATION_BLOCK,
  type ContinuationBlock,
  type ContinuationContext,
} from "../format/object-header/continuation-block.ts";
import type { HeaderMessage } from "../format/object-header/header-message.ts";
import {
  formatOf,
  type HeaderContext,
  OBJECT_HEADER,
  type ObjectHeaderBlock,
} from "../format/object-header/object-header.ts";
import type { Steps } from "../steps/steps.ts";
import type { EngineFile } from "./file.ts";
import { withinLimit } from "./limits.ts";

const TITLE = "Object header";

/** What of a file is needed to read headers: also before the rest of it is known. */
export interface HeaderFile extends Pick<EngineFile, "structures" | "pages" | "limits"> {
  readonly headers: HeaderContext;
}

export class ObjectHeader {
  readonly address: Address;
  /** Prefix and first block. */
  readonly first: ObjectHeaderBlock;
  /** Of all blocks, in their order. */
  readonly messages: readonly HeaderMessage[];
  readonly continuations: readonly Continuation[];
  /** What the messages say, once that was asked for. */
  info: AnyObjectInfo | undefined;

  constructor(
    address: Address,
    first: ObjectHeaderBlock,
    messages: readonly HeaderMessage[],
    continuations: readonly Continuation[],
  ) {
    this.address = address;
    this.first = first;
    this.messages = messages;
    this.continuations = continuations;
  }

  /** The first message of a type. */
  find(type: number): HeaderMessage | undefined {
    for (const message of this.messages) if (message.type === type) return message;
    return undefined;
  }

  /** The only message of a type; a FormatError where there are two. */
  only(type: number): HeaderMessage | undefined {
    let found: HeaderMessage | undefined;
    for (const message of this.messages) {
      if (message.type !== type) continue;
      if (found !== undefined) {
        throw new FormatError("has two messages of which there may be one", {
          structure: TITLE,
          address: this.address,
          found: message.title,
        });
      }
      found = message;
    }
    return found;
  }
}

/** The header, where its bytes are in hand and it has one block. */
export function peekObjectHeader(file: HeaderFile, address: Address): ObjectHeader | undefined {
  const known = file.structures.derived(address);
  if (known instanceof ObjectHeader) return known;
  const first = file.structures.peek(OBJECT_HEADER, address, file.headers);
  if (first === undefined) return undefined;
  for (const message of first.messages) if (message.type === MessageType.continuation) return undefined;
  return keep(file, new ObjectHeader(address, first, first.messages, []));
}

/** The header. In hot paths: `peekObjectHeader(...) ?? (yield* objectHeader(...))`. */
export function* objectHeader(file: HeaderFile, address: Address): Steps<ObjectHeader> {
  const first = yield* file.structures.get(OBJECT_HEADER, address, file.headers);
  const known = file.structures.derived(address);
  if (known instanceof ObjectHeader) return known;
  const collector = new Collector(file, address, first);
  // Block by block, in the order in which continuation messages appear; those known at once are asked for at once.
  while (collector.pending.length > 0) {
    const round = collector.pending;
    collector.pending = [];
    if (round.length > 1) yield* file.pages.load(round.map(({ address: at, length }) => ({ at, length })));
    for (const { address: at, length } of round) {
      const context: ContinuationContext = { ...formatOf(first), length, room: file.headers.room };
      const { structures } = file;
      collector.add(
        structures.peek(CONTINUATION_BLOCK, at, context) ?? (yield* structures.get(CONTINUATION_BLOCK, at, context)),
      );
    }
  }
  return keep(file, new ObjectHeader(address, first, collector.messages, collector.continuations));
}

/** Gathers messages and continuations within bounds; refuses blocks that overlap, and so all cycles. */
export class Collector {
  readonly messages: HeaderMessage[] = [];
  readonly continuations: Continuation[] = [];
  pending: Continuation[] = [];
  private readonly file: HeaderFile;
  private readonly address: Address;
  private readonly firstLength: number;
  private bytes: number;

  constructor(file: HeaderFile, address: Address, first: ObjectHeaderBlock) {
    this.file = file;
    this.address = address;
    this.firstLength = first.length;
    this.bytes = first.length;
    this.add(first);
  }

  add({ messages }: { readonly messages: ContinuationBlock["messages"] }): void {
    withinLimit(this.file.limits, "messages", this.messages.length + messages.length, TITLE);
    for (const message of messages) {
      this.messages.push(message);
      if (message.type === MessageType.continuation) this.continue(message);
    }
  }

  private continue(message: HeaderMessage): void {
    const next = continuationMessage(message.decoder(this.file.structures.sizes));
    if (next.length === 0) this.fail("has a continuation of no bytes", next);
    this.bytes += next.length;
    withinLimit(this.file.limits, "objectHeaderBytes", this.bytes, TITLE);
    withinLimit(this.file.limits, "continuationBlocks", this.continuations.length + 1, TITLE);
    if (overlap(next, { address: this.address, length: this.firstLength })) this.fail("has blocks that overlap", next);
    for (const other of this.continuations) if (overlap(next, other)) this.fail("has blocks that overlap", next);
    this.continuations.push(next);
    this.pending.push(next);
  }

  private fail(reason: string, { address, length }: Continuation): never {
    throw new FormatError(reason, {
      structure: TITLE,
      address: this.address,
      found: `${length} bytes at 0x${address.toString(16)}`,
    });
  }
}

function overlap(a: Continuation, b: Continuation): boolean {
  return a.address < b.address + b.length && b.address < a.address + a.length;
}

function keep(file: HeaderFile, header: ObjectHeader): ObjectHeader {
  withinLimit(file.limits, "messages", header.messages.length, TITLE);
  for (const message of header.messages) {
    if (message.type >= FIRST_UNKNOWN_TYPE && (message.flags & MessageFlag.failIfUnknown) !== 0) {
      throw new UnsupportedError("has a message that must be understood and is not known", {
        structure: TITLE,
        address: header.address,
        found: `type 0x${message.type.toString(16)}`,
      });
    }
  }
  file.structures.derive(header.address, header);
  return header;
}
