/**
 * Where the attributes of one object stand while they are edited: a few in its header, many or large ones in dense storage.
 * The header says at which numbers they change places; headers of version 1 have no dense storage.
 */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { compareBytes, encodeText } from "../../bytes/text.ts";
import { messageSource } from "../../engine/shared-message.ts";
import { LimitError, UnsupportedError } from "../../errors.ts";
import { readAttribute } from "../../format/messages/attribute.ts";
import { type AttributeInfoMessage, attributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { sharedMessage } from "../../format/messages/shared-message.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { touch } from "../object-header/touch.ts";
import {
  type AttributeContent,
  countDenseAttributes,
  createDenseAttributes,
  type DenseAttribute,
  type DenseStorage,
  denseStorage,
  findDenseAttribute,
  freeDenseAttributes,
  insertDenseAttribute,
  listDenseAttributes,
  NO_ORDER,
  removeDenseAttribute,
  replaceDenseAttribute,
} from "./dense-attributes.ts";

const TITLE = messageTitle(MessageType.attribute);
/** Where the reference library changes from one storage to the other, unless the header says otherwise. */
const PHASE_CHANGE = { maxCompact: 8, minDense: 6 };

interface CompactAttribute extends AttributeContent {
  readonly message: HeaderMessage;
}

/** An attribute that the object has. */
export type StoredAttribute = CompactAttribute | DenseAttribute;

export class AttributeStorage {
  private readonly file: EditorFile;
  private readonly header: EditedHeader;
  private message: HeaderMessage | undefined;
  private info: AttributeInfoMessage | undefined;
  private dense: DenseStorage | undefined;

  private constructor(file: EditorFile, header: EditedHeader) {
    this.file = file;
    this.header = header;
    this.message = header.find(MessageType.attributeInfo);
    this.info = this.message && attributeInfoMessage(this.message.decoder(file.structures.sizes));
    this.dense = this.info && denseStorage(this.info);
  }

  static *load(file: EditorFile, object: Address): Steps<AttributeStorage> {
    return new AttributeStorage(file, yield* EditedHeader.load(file, object));
  }

  /** The attribute of that name. */
  *find(name: string): Steps<StoredAttribute | undefined> {
    if (this.dense !== undefined) return yield* findDenseAttribute(this.file, this.dense, name);
    const bytes = encodeText(name);
    for (const message of this.messages()) {
      if ((message.flags & MessageFlag.shared) === 0 && !hasName(message, bytes)) continue;
      const found = yield* this.compact(message);
      if (found.name === name) return found;
    }
    return undefined;
  }

  *all(): Steps<readonly StoredAttribute[]> {
    if (this.dense !== undefined) return yield* listDenseAttributes(this.file, this.dense);
    const found: CompactAttribute[] = [];
    for (const message of this.messages()) found.push(yield* this.compact(message));
    return found;
  }

  /** Refuses a message that the object cannot hold; asks for nothing and changes nothing. */
  check(name: string, bytes: Uint8Array): void {
    const { version } = this.header;
    if (version === 2 || EditedHeader.fits(bytes.length, version)) return;
    throw new UnsupportedError(
      `attribute ${JSON.stringify(name)} is too large for an object header of version 1: objects of files made with the option libver: "latest" can have it`,
      {
        structure: TITLE,
        address: this.header.address,
        found: `${bytes.length} bytes`,
        allowed: "at most 65528",
      },
    );
  }

  /** Adds an attribute, whose name the object does not have. */
  *add(name: string, bytes: Uint8Array): Steps<void> {
    const order = this.nextOrder();
    const { version } = this.header;
    const { maxCompact } = this.phaseChange;
    const isFull = version === 2 && this.header.count(MessageType.attribute) >= maxCompact;
    if (this.dense === undefined && (isFull || !EditedHeader.fits(bytes.length, version))) yield* this.toDense();
    if (this.dense !== undefined) yield* insertDenseAttribute(this.file, this.dense, { name, bytes, order });
    this.putInfo();
    if (this.dense === undefined) this.header.add(MessageType.attribute, bytes, 0, order);
    this.apply();
  }

  /** Puts a message in the place of one of the same name, which keeps its place in the order of creation. */
  *replace(old: StoredAttribute, bytes: Uint8Array): Steps<void> {
    if ("record" in old) yield* replaceDenseAttribute(this.file, this.dense!, old, bytes);
    else if (EditedHeader.fits(bytes.length, this.header.version)) this.header.replace(old.message, bytes, 0);
    else {
      this.header.remove(old.message);
      const dense = yield* this.toDense();
      yield* insertDenseAttribute(this.file, dense, { name: old.name, order: old.order, bytes });
      this.putInfo();
    }
    this.apply();
  }

  *remove(old: StoredAttribute): Steps<void> {
    let left: number;
    if ("record" in old) {
      yield* removeDenseAttribute(this.file, this.dense!, old);
      left = yield* countDenseAttributes(this.file, this.dense!);
      if (left === 0 || left < this.phaseChange.minDense) yield* this.toCompact();
    } else {
      this.header.remove(old.message);
      left = this.messages().length;
    }
    this.putInfo();
    if (left === 0) this.dropInfo();
    this.apply();
  }

  /** Takes all attributes away, which somebody else frees what they refer to. */
  *clear(): Steps<void> {
    if (this.dense !== undefined) yield* freeDenseAttributes(this.file, this.dense);
    this.dense = undefined;
    for (const message of this.messages()) this.header.remove(message);
    this.dropInfo();
    this.header.apply();
  }

  private get phaseChange(): { readonly maxCompact: number; readonly minDense: number } {
    const { head } = this.header;
    return (head.version === 2 ? head.phaseChange : undefined) ?? PHASE_CHANGE;
  }

  private messages(): HeaderMessage[] {
    return this.header.all(MessageType.attribute);
  }

  private *compact(message: HeaderMessage): Steps<CompactAttribute> {
    const { sizes } = this.file.structures;
    const shared = (message.flags & MessageFlag.shared) !== 0 ? sharedMessage(message.decoder(sizes)) : undefined;
    const { from } = yield* messageSource(this.file, message);
    const bytes = from.bytes(undefined, from.remaining).slice();
    const { name } = readAttribute(new Decoder(bytes, sizes, TITLE));
    const order = message.order ?? NO_ORDER;
    return { name, bytes, order, message, ...(shared?.kind === "heap" ? { sharedId: shared.heapId } : {}) };
  }

  /** The creation order of one more attribute, which is counted. Headers of version 2 then say where attributes stand. */
  private nextOrder(): number {
    const info = this.ensureInfo();
    if (!info?.orderTracked) return NO_ORDER;
    const { address } = this.header;
    const order = info.maxCreationOrder ?? 0;
    if (order >= NO_ORDER)
      throw new LimitError("has given away all numbers of the order of creation of its attributes", {
        structure: messageTitle(MessageType.attributeInfo),
        address,
        found: order,
        allowed: `up to ${NO_ORDER - 1}`,
      });
    this.info = { ...info, maxCreationOrder: order + 1 };
    return order;
  }

  /** What the attribute info message says, or will; headers of version 1 have none. */
  private ensureInfo(): AttributeInfoMessage | undefined {
    const { head } = this.header;
    if (head.version === 1 || this.info !== undefined) return this.info;
    const { attributeOrderTracked: orderTracked, attributeOrderIndexed: orderIndexed } = head;
    const maxCreationOrder = this.messages().reduce((most, { order = 0 }) => Math.max(most, order + 1), 0);
    this.info = {
      orderTracked,
      orderIndexed,
      ...(orderTracked ? { maxCreationOrder } : {}),
      heap: null,
      nameIndex: null,
      ...(orderIndexed ? { orderIndex: null } : {}),
    };
    return this.info;
  }

  private *toDense(): Steps<DenseStorage> {
    const { file, header } = this;
    const dense = createDenseAttributes(file, this.ensureInfo()?.orderIndexed ?? false);
    for (const message of this.messages()) {
      yield* insertDenseAttribute(file, dense, yield* this.compact(message));
      header.remove(message);
    }
    this.dense = dense;
    return dense;
  }

  /** Back into the header, if all fit. */
  private *toCompact(): Steps<void> {
    const { file, header, dense } = this;
    if (dense === undefined) return;
    const all = (yield* listDenseAttributes(file, dense)).map((one) => this.asMessage(one));
    if (!all.every(({ data }) => EditedHeader.fits(data.length, header.version))) return;
    yield* freeDenseAttributes(file, dense);
    this.dense = undefined;
    for (const { data, flags, order } of all) header.add(MessageType.attribute, data, flags, order);
  }

  private asMessage({ bytes, sharedId, order }: DenseAttribute): { data: Uint8Array; flags: number; order: number } {
    if (sharedId === undefined) return { data: bytes, flags: 0, order };
    const pointer = { kind: "heap", version: 3, heapId: sharedId } as const;
    return { data: this.header.encode((f) => void sharedMessage(f, pointer)), flags: MessageFlag.shared, order };
  }

  /** The attribute info message says where attributes stand now. */
  private putInfo(): void {
    if (this.info === undefined) return;
    const { heap = null, nameIndex = null, orderIndex = null } = this.dense ?? {};
    this.info = { ...this.info, heap, nameIndex, ...(this.info.orderIndexed ? { orderIndex } : {}) };
    const { header, message, info } = this;
    const data = header.encode((f) => void attributeInfoMessage(f, info));
    if (message === undefined) this.message = header.add(MessageType.attributeInfo, data, MessageFlag.mustNotShare);
    else if (compareBytes(message.data, data) !== 0) this.message = header.replace(message, data);
  }

  private dropInfo(): void {
    if (this.message !== undefined) this.header.remove(this.message);
    this.message = undefined;
    this.info = undefined;
  }

  private apply(): void {
    touch(this.file, this.header);
    this.header.apply();
  }
}

/** Whether an attribute message has that name: of hundreds in a header few need be decoded. */
function hasName({ data }: HeaderMessage, name: Uint8Array): boolean {
  const at = data[0] === 3 ? 9 : 8;
  if (data[2] + (data[3] << 8) !== name.length + 1) return false;
  return compareBytes(data.subarray(at, at + name.length), name) === 0;
}
