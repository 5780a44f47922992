/** Checks one object: its header, and all that its messages lead to. Gives the hard links of a group. */
import type { Address } from "../../bytes/address.ts";
import { MessageFlag } from "../../format/messages/message-type.ts";
import { CONTINUATION_BLOCK } from "../../format/object-header/continuation-block.ts";
import { OBJECT_HEADER } from "../../format/object-header/object-header.ts";
import type { Steps } from "../../steps/steps.ts";
import { type ObjectHeader, objectHeader } from "../object-header.ts";
import { objectInfo } from "../object-info.ts";
import { isShared } from "../shared-message.ts";
import { checkAttributes, useShared } from "./attributes.ts";
import type { Checker } from "./checker.ts";
import { checkDataset } from "./dataset.ts";
import { checkLinks } from "./links.ts";
import type { FoundLink } from "./symbol-table.ts";

export interface CheckedObject {
  readonly header: ObjectHeader;
  /** As the header has it. */
  readonly referenceCount: number;
  readonly links: readonly FoundLink[];
}

const KINDS = { group: "groups", dataset: "datasets", datatype: "datatypes", unknown: "unknown" } as const;

export function* checkObject(check: Checker, address: Address): Steps<CheckedObject> {
  const header = yield* checkHeader(check, address);
  const info = yield* objectInfo(check.file, header);
  check.counts[KINDS[info.kind]]++;
  yield* check.guard(checkAttributes(check, header));
  const links = info.kind === "group" ? yield* check.guard(checkLinks(check, header)) : undefined;
  if (info.kind === "dataset") yield* check.guard(checkDataset(check, header, info));
  return { header, referenceCount: info.referenceCount, links: links ?? [] };
}

/** The header's blocks, and the messages that stand elsewhere. */
export function* checkHeader(check: Checker, address: Address): Steps<ObjectHeader> {
  const header = yield* objectHeader(check.file, address);
  check.uses(address, header.first.length, OBJECT_HEADER.title);
  for (const block of header.continuations) check.uses(block.address, block.length, CONTINUATION_BLOCK.title);
  for (const message of header.messages) {
    if (isShared(message)) useShared(check, message.type, message.decoder(check.sizes));
    else if (check.file.sharedMessages !== undefined && (message.flags & MessageFlag.sharable) !== 0)
      check.shared.addOwn(message.type, message.data);
  }
  return header;
}
