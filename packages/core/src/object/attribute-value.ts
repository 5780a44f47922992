/** Values of attributes, as steps. */
import type { AttributeInfo } from "../contract.ts";
import type { AnyData, Complex, Row } from "../data/arrays.ts";
import { attributeElements } from "../data/attribute-value.ts";
import type { Empty } from "../data/empty.ts";
import type { Reference } from "../data/reference.ts";
import type { Result } from "../data/result.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";

/**
 * What `attrs.get` gives: the value itself of a scalar (of 64 bits a number where that is exact, else a bigint; of a
 * compound an object of its members; of a variable-length sequence its data), else a {@link Result}.
 */
export type AttributeValue = number | bigint | boolean | string | Complex | Reference | Row | AnyData | Result | Empty;

export function* attributeValue(session: Session<Mode>, info: AttributeInfo): Steps<AttributeValue> {
  const { reader, options } = session;
  const elements = attributeElements(info, options.limits, reader.info.sizes);
  yield* reader.complete(elements.sink);
  return elements.value() as AttributeValue;
}

/** The value of an attribute; `undefined` where there is none. */
export function* attributeOf(node: Node<Mode>, name: string): Steps<AttributeValue | undefined> {
  const { info, session } = node;
  const attribute = yield* session.reader.attribute(info.address, name);
  return attribute && (yield* attributeValue(session, attribute));
}
