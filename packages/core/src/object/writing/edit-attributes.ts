/** Attributes made, modified and deleted. */
import type { AttributeInfo } from "../../contract.ts";
import { bytesSource } from "../../data/writing/bytes-source.ts";
import { sourceFor, type ValueToWrite, valueToWrite } from "../../data/writing/write-value.ts";
import { DTypeError, NotFoundError, ShapeError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Mode } from "../mode.ts";
import type { Node } from "../session.ts";
import type { AttributeOptions } from "./attribute-options.ts";
import { charsetOf, type Edit, renew } from "./edit.ts";
import { dataspaceOf, shapeOf } from "./new-shape.ts";
import { askedType } from "./new-type.ts";

/** Makes an attribute, in place of one that has the name. */
export function* setAttribute(
  edit: Edit,
  node: Node<Mode>,
  name: string,
  value: unknown,
  options: AttributeOptions = {},
): Steps<void> {
  checkName(name);
  const { dtype, shape } = options;
  const type = dtype === undefined ? undefined : askedType(dtype, node.session);
  const { datatype, dims, source } =
    options.asBytes === true
      ? bytesToWrite(value, type?.datatype, shapeOf(shape ?? []))
      : valueToWrite(value, {
          ...(type === undefined ? {} : { datatype: type.datatype }),
          ...(shape === undefined ? {} : { shape: shapeOf(shape) }),
          sizes: edit.reader.info.sizes,
        });
  yield* edit.editor.setAttribute(node.info.address, {
    name,
    charset: charsetOf(name),
    datatype,
    ...(type?.committed === undefined ? {} : { committed: type.committed }),
    dataspace: dataspaceOf(dims),
    source,
  });
  yield* renew(edit, node.info.address);
}

function bytesToWrite(
  value: unknown,
  datatype: ValueToWrite["datatype"] | undefined,
  dims: readonly number[],
): ValueToWrite {
  if (datatype === undefined) throw new DTypeError("bytes of an attribute need a dtype");
  return { datatype, dims, source: bytesSource(value, datatype, countOf(dims)) };
}

function checkName(name: string): void {
  if (name !== "" && !name.includes("\0")) return;
  throw new NotFoundError("the name of an attribute must not be empty or have a NUL in it", { found: name });
}

/** Gives an attribute another value of the same type and shape; makes one where there is none. */
export function* modifyAttribute(edit: Edit, node: Node<Mode>, name: string, value: unknown): Steps<void> {
  const { address } = node.info;
  const info = yield* edit.reader.attribute(address, name);
  if (info === undefined) return yield* setAttribute(edit, node, name, value);
  const { sizes } = edit.reader.info;
  const given = valueToWrite(value, { datatype: info.datatype, sizes });
  checkShape(info, given);
  yield* edit.editor.modifyAttribute(address, name, sourceFor(value, info.datatype, info.dataspace.dims, { sizes }));
  yield* renew(edit, address);
}

const countOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

function checkShape({ name, dataspace: { kind, dims } }: AttributeInfo, given: ValueToWrite): void {
  if (kind === "null" || given.dims === null) {
    throw new ShapeError(`attribute ${JSON.stringify(name)}: empty attributes cannot be modified`);
  }
  const same = given.dims.length === dims.length && given.dims.every((dim, axis) => dim === dims[axis]);
  // Data in row-major order is of any shape.
  const flat = given.dims.length <= 1 && countOf(given.dims) === countOf(dims);
  const single = countOf(given.dims) === 1 && countOf(dims) === 1;
  if (same || flat || single) return;
  throw new ShapeError(`attribute ${JSON.stringify(name)} has another shape`, {
    found: `[${given.dims.join(", ")}]`,
    allowed: `[${dims.join(", ")}]`,
  });
}

export function* deleteAttribute(edit: Edit, node: Node<Mode>, name: string): Steps<void> {
  const { address } = node.info;
  if ((yield* edit.reader.attribute(address, name)) === undefined) {
    throw new NotFoundError("has no such attribute", { found: name });
  }
  yield* edit.editor.deleteAttribute(address, name);
  yield* renew(edit, address);
}
