/** Conversion of an old-style group to the new style, for links that symbol tables cannot hold. */
import type { Address } from "../../bytes/address.ts";
import { symbolTableLinks } from "../../engine/group/symbol-table.ts";
import { groupInfoMessage } from "../../format/messages/group-info.ts";
import { linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageFlag, MessageType } from "../../format/messages/message-type.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import { requireVersion } from "../dataset/structure-versions.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { freeSymbolTable } from "./free-symbol-table.ts";
import { insertLink } from "./new-style-links.ts";

/** Moves all links from the group's symbol table to its header, or to dense storage; the order of creation is not known. */
export function* convertGroup(file: EditorFile, group: Address, table: SymbolTableMessage): Steps<void> {
  requireVersion(file.bounds, "v108", "a link that symbol tables cannot hold");
  const links = yield* symbolTableLinks(file, table);
  const header = yield* EditedHeader.load(file, group);
  const message = header.find(MessageType.symbolTable);
  if (message === undefined) throw new RangeError("not an old-style group");
  yield* freeSymbolTable(file, table);
  header.remove(message);
  const info = { orderTracked: false, orderIndexed: false, heap: null, nameIndex: null };
  header.add(
    MessageType.linkInfo,
    header.encode((f) => void linkInfoMessage(f, info)),
  );
  header.add(
    MessageType.groupInfo,
    header.encode((f) => void groupInfoMessage(f, {})),
    MessageFlag.constant,
  );
  header.apply();
  for (const link of links) yield* insertLink(file, group, link);
}
