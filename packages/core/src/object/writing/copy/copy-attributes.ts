/** Attributes of copies. */
import type { AnyObjectInfo, AttributeInfo, NewAttribute } from "../../../contract.ts";
import { attributeElements } from "../../../data/attribute-value.ts";
import { sizedType } from "../../../data/dtype/sized.ts";
import { BytesSource } from "../../../data/raw-elements.ts";
import { valueToWrite } from "../../../data/writing/write-value.ts";
import type { Steps } from "../../../steps/steps.ts";
import type { Mode } from "../../mode.ts";
import type { Session } from "../../session.ts";
import type { Address } from "../edit.ts";
import type { Copier } from "./copier.ts";
import { isPlainCopy } from "./elements.ts";
import { exactType } from "./exact-type.ts";
import { movedReferences } from "./moved-references.ts";

export function* copyAttributes(
  copier: Copier,
  from: Session<Mode>,
  { address, attributeOrder }: AnyObjectInfo,
  to: Address,
): Steps<void> {
  if (copier.options.withoutAttrs === true) return;
  const infos = yield* from.reader.attributes(address, attributeOrder.tracked ? "creation" : "name");
  for (const info of infos) yield* copyAttribute(copier, from, info, to);
}

function* copyAttribute(copier: Copier, from: Session<Mode>, info: AttributeInfo, to: Address): Steps<void> {
  const { editor } = copier.edit;
  const { name, charset, dataspace } = info;
  const committed = info.committed === undefined ? undefined : yield* copier.committed(from, info.committed);
  const attribute = {
    name,
    charset,
    ...(committed === undefined ? {} : { committed }),
    dataspace: { ...dataspace, version: undefined },
    ...(yield* elementsOf(copier, from, info)),
  };
  yield* editor.setAttribute(to, attribute);
  copier.used(committed);
}

function* elementsOf(
  copier: Copier,
  from: Session<Mode>,
  info: AttributeInfo,
): Steps<Pick<NewAttribute, "datatype" | "source">> {
  const { reader, options } = from;
  const { sizes } = copier.edit.reader.info;
  const datatype = sizedType(info.datatype, sizes);
  if (isPlainCopy(copier, from, info.datatype)) return { datatype, source: new BytesSource(info.data, datatype.size) };
  const exact = { ...info, datatype: exactType(info.datatype) };
  const elements = attributeElements(exact, options.limits, reader.info.sizes);
  yield* reader.complete(elements.sink);
  const value = yield* movedReferences(copier, from, elements.result());
  return { datatype, source: valueToWrite(value, { datatype: exactType(datatype), sizes }).source };
}
