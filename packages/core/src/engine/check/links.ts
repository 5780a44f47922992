/** Checks the links of a group, wherever they stand, and gives the hard ones. */
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import { LINK_NAME_RECORD, type LinkNameRecord } from "../../format/btree-v2/records/link-name.ts";
import { LINK_ORDER_RECORD } from "../../format/btree-v2/records/link-order.ts";
import { type LinkMessage, linkMessage } from "../../format/messages/link.ts";
import { type LinkInfoMessage, linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { symbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import { openFractalHeap } from "../fractal-heap/heap.ts";
import { heapObject } from "../fractal-heap/objects.ts";
import type { ObjectHeader } from "../object-header.ts";
import type { Checker } from "./checker.ts";
import { checkNames, checkNextOrder, checkOrders, type Indexed, nameRecords } from "./dense.ts";
import { checkFractalHeap } from "./fractal-heap.ts";
import { checkSymbolTable, type FoundLink } from "./symbol-table.ts";

const TITLE = messageTitle(MessageType.linkInfo);

export function* checkLinks(check: Checker, header: ObjectHeader): Steps<FoundLink[]> {
  const table = header.find(MessageType.symbolTable);
  if (table !== undefined) return yield* checkSymbolTable(check, symbolTableMessage(table.decoder(check.sizes)));
  const message = header.find(MessageType.linkInfo);
  if (message === undefined) return [];
  const info = linkInfoMessage(message.decoder(check.sizes));
  const compact = compactLinks(check, header);
  const all = info.heap === null ? compact : yield* denseLinks(check, info);
  if (info.heap !== null && compact.length > 0)
    check.fault("has links in its header beside those in its heap", {
      structure: "Object header",
      address: header.address,
      found: compact.length,
    });
  check.counts.links += all.length;
  checkNextOrder(
    check,
    TITLE,
    info.maxCreationOrder,
    all.map(({ creationOrder }) => creationOrder),
  );
  return all.flatMap((link) => (link.type === "hard" ? [{ name: link.name, target: link.address }] : []));
}

function compactLinks(check: Checker, header: ObjectHeader): LinkMessage[] {
  const links: LinkMessage[] = [];
  const names = new Set<string>();
  for (const message of header.messages) {
    if (message.type !== MessageType.link) continue;
    const link = linkMessage(message.decoder(check.sizes));
    if (names.has(link.name))
      check.fault("has two links of one name", {
        structure: "Object header",
        address: header.address,
        found: link.name,
      });
    names.add(link.name);
    links.push(link);
  }
  return links;
}

function* denseLinks(check: Checker, info: LinkInfoMessage): Steps<LinkMessage[]> {
  const { heap: at, nameIndex, orderIndex } = info;
  if (at === null || nameIndex === null) throw new FormatError("has no index of names", { structure: TITLE });
  const records = yield* nameRecords(check, nameIndex, LINK_NAME_RECORD);
  const heap = yield* openFractalHeap(check.file, at);
  const links: LinkMessage[] = [];
  const found: Indexed<LinkNameRecord>[] = [];
  for (const record of records) {
    const bytes = yield* check.guard(heapObject(check.file, heap, record.heapId));
    if (bytes === undefined) continue;
    const link = linkMessage(new Decoder(bytes.slice(), check.sizes, messageTitle(MessageType.link)));
    links.push(link);
    found.push({ record, name: link.name, creationOrder: link.creationOrder });
  }
  checkNames(check, LINK_NAME_RECORD.title, nameIndex, found);
  if (info.orderIndexed) {
    if (orderIndex === null || orderIndex === undefined)
      check.fault("has no index of creation order", { structure: TITLE });
    else yield* check.guard(checkOrders(check, orderIndex, LINK_ORDER_RECORD, found));
  }
  yield* check.guard(
    checkFractalHeap(
      check,
      at,
      records.map(({ heapId }) => heapId),
    ),
  );
  return links;
}
