/** References in copied values: they point at copies, or nowhere, in another file. */

import { Empty } from "../../../data/empty.ts";
import { AttributeReference, Reference, RegionReference } from "../../../data/reference.ts";
import { Result } from "../../../data/result.ts";
import { isH5Error } from "../../../errors.ts";
import type { Steps } from "../../../steps/steps.ts";
import type { Mode } from "../../mode.ts";
import type { Session } from "../../session.ts";
import type { Address } from "../edit.ts";
import type { Copier } from "./copier.ts";

/** A result of reading with references as they are to be in the copy. */
export function* movedReferences(copier: Copier, from: Session<Mode>, value: Result): Steps<Result> {
  if (value instanceof Empty || copier.isSameFile(from)) return value;
  const found = new Set<Reference>();
  find(value.data, found);
  if (found.size === 0) return value;
  const moved = new Map<Reference, Reference>();
  for (const reference of found) moved.set(reference, yield* move(copier, from, reference));
  return new Result(replaced(value.data, moved) as typeof value.data, value.shape, value.dtype);
}

/** Collects references, of which there are lists, in columns and lists of lists. */
function find(data: unknown, into: Set<Reference>): void {
  if (data instanceof Reference) into.add(data);
  else if (Array.isArray(data)) for (const each of data) find(each, into);
  else if (isColumns(data)) for (const name of Object.keys(data)) find(data[name], into);
}

function replaced(data: unknown, moved: ReadonlyMap<Reference, Reference>): unknown {
  if (data instanceof Reference) return moved.get(data);
  if (Array.isArray(data)) return data.map((each) => replaced(each, moved));
  if (!isColumns(data)) return data;
  const columns: { [name: string]: unknown } = Object.create(null);
  for (const name of Object.keys(data)) columns[name] = replaced(data[name], moved);
  return columns;
}

const isColumns = (data: unknown): data is { readonly [name: string]: unknown } =>
  typeof data === "object" && data !== null && !ArrayBuffer.isView(data);

function* move(copier: Copier, from: Session<Mode>, reference: Reference): Steps<Reference> {
  const { address, file } = reference;
  // One that names its file means the same everywhere.
  if (address === null || file !== undefined) return reference;
  const copy = copier.options.expandRefs === true ? yield* referenced(copier, from, address) : null;
  if (reference instanceof RegionReference) return new RegionReference(copy, reference.selection);
  if (reference instanceof AttributeReference) return new AttributeReference(copy, reference.attribute);
  return new Reference(copy);
}

/** Null, where no object stands at the address: it was deleted. */
function* referenced(copier: Copier, from: Session<Mode>, address: Address): Steps<Address | null> {
  try {
    yield* from.reader.object(address);
  } catch (error) {
    if (isH5Error(error, "FormatError")) return null;
    throw error;
  }
  return yield* copier.reference(from, address);
}
