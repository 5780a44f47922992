/** What messages of types that are not known ask of whoever changes the object (HDF5 File Format Specification, section IV.A.1.b). */
import type { Address } from "../../bytes/address.ts";
import { UnsupportedError } from "../../errors.ts";
import { FIRST_UNKNOWN_TYPE, MessageFlag } from "../../format/messages/message-type.ts";
import { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { HeaderBlock } from "./header-block.ts";

/**
 * Some are marked, to say that the object was changed by who does not know them; the block is to be written then.
 * UnsupportedError for those that must be known.
 */
export function markUnknown(block: HeaderBlock, address: Address): void {
  for (const message of block.messages) {
    if (message.type < FIRST_UNKNOWN_TYPE) continue;
    const { flags } = message;
    if ((flags & MessageFlag.failIfUnknownOnWrite) !== 0)
      throw new UnsupportedError("has a message that must be understood to change the object, and is not known", {
        structure: "Object header",
        address,
        found: `type 0x${message.type.toString(16)}`,
      });
    if ((flags & MessageFlag.markIfUnknown) === 0 || (flags & MessageFlag.wasUnknown) !== 0) continue;
    block.replace(
      message,
      HeaderMessage.of(message.type, flags | MessageFlag.wasUnknown, message.data.slice(), message.order),
    );
  }
}
