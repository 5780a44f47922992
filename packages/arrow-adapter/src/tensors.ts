/** Rows of several axes: Arrow's extension type `arrow.fixed_shape_tensor` over fixed-size lists. */
import type { DataType, Field } from "apache-arrow";
import type { Arrow } from "./arrow.ts";

const NAME = "ARROW:extension:name";
const METADATA = "ARROW:extension:metadata";
const TENSOR = "arrow.fixed_shape_tensor";

/** Metadata of a field whose rows are tensors of that shape; `undefined` where items are no numbers. */
export function tensorMetadata(
  arrow: Arrow,
  item: DataType,
  shape: readonly number[],
  names?: readonly string[],
): Map<string, string> | undefined {
  if (!arrow.DataType.isInt(item) && !arrow.DataType.isFloat(item)) return undefined;
  const described = { shape, ...(names === undefined ? {} : { dim_names: names }) };
  return new Map([
    [NAME, TENSOR],
    [METADATA, JSON.stringify(described)],
  ]);
}

/** The shape of a field's tensors, of which there are `size` items; `undefined` where it is none, or says another size. */
export function tensorShape(field: Field, size: number): readonly number[] | undefined {
  if (field.metadata.get(NAME) !== TENSOR) return undefined;
  try {
    const { shape } = JSON.parse(field.metadata.get(METADATA) ?? "") as { shape?: unknown };
    const valid = Array.isArray(shape) && shape.every((dim) => Number.isInteger(dim) && dim > 0);
    return valid && shape.reduce((product: number, dim: number) => product * dim, 1) === size ? shape : undefined;
  } catch {
    // Whoever wrote it meant something else.
    return undefined;
  }
}
