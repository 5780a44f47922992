/**
 * How many hard links, and messages that share a committed datatype, refer to an object: in the prefix of version 1 headers,
 * in the reference count message of version 2 headers, where there is more than one.
 */
import type { Address } from "../../bytes/address.ts";
import { FormatError, LimitError } from "../../errors.ts";
import { MessageFlag, MessageType } from "../../format/messages/message-type.ts";
import { referenceCountMessage } from "../../format/messages/reference-count.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "./edited-header.ts";

const LARGEST_COUNT = 0xffff_ffff;

export function referenceCount(file: EditorFile, header: EditedHeader): number {
  const { head, address } = header;
  if (head.version === 1) return head.referenceCount;
  const message = header.find(MessageType.referenceCount);
  if (message !== undefined) return referenceCountMessage(message.decoder(file.structures.sizes)).count;
  return file.unreferenced.fresh.has(address) ? 0 : 1;
}

/** Changes the count in a header, which is applied by the caller. */
export function changeReferenceCount(file: EditorFile, header: EditedHeader, by: number): void {
  const { address, head } = header;
  const count = referenceCount(file, header) + by;
  // The superblock's reference to the root group is never dropped.
  const least = address === file.info.root && by < 0 ? 1 : 0;
  if (count < least)
    throw new FormatError("is referred to by more than it counts", {
      structure: "Object header",
      address,
      found: count - by,
      allowed: `at least ${least - by}`,
    });
  if (count > LARGEST_COUNT)
    throw new LimitError("cannot be referred to once more", {
      structure: "Object header",
      address,
      found: count,
      allowed: `at most ${LARGEST_COUNT}`,
    });
  const { fresh, lost } = file.unreferenced;
  if (by > 0) {
    fresh.delete(address);
    lost.delete(address);
  } else if (count === 0) lost.add(address);
  if (head.version === 1) header.head = { ...head, referenceCount: count };
  else changeMessage(header, count);
}

/** A message that is not needed goes, as in the reference library. */
function changeMessage(header: EditedHeader, count: number): void {
  const old = header.find(MessageType.referenceCount);
  if (count <= 1) {
    if (old !== undefined) header.remove(old);
    return;
  }
  const data = header.encode((f) => void referenceCountMessage(f, { count }));
  if (old === undefined) header.add(MessageType.referenceCount, data, MessageFlag.mustNotShare);
  else header.replace(old, data);
}

/** One reference more to the object at an address. */
export function* addReference(file: EditorFile, address: Address): Steps<void> {
  const header = yield* EditedHeader.load(file, address);
  changeReferenceCount(file, header, 1);
  header.apply();
}

/** One reference less. The object that nothing refers to any more is deleted at the end of the change. */
export function* dropReference(file: EditorFile, address: Address): Steps<void> {
  const header = yield* EditedHeader.load(file, address);
  changeReferenceCount(file, header, -1);
  header.apply();
}
