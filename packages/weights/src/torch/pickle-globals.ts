/** What pickles of checkpoints may name, each with its own meaning here: nothing is ever looked up by name and run. */
import { type ElementType, isElementType } from "../dtypes.ts";

/** A thing of Python's that a pickle names. */
export interface PickleGlobal {
  readonly kind: "ordered dict" | "function" | "storage" | "dtype" | "inert";
  /** Module and name: `"torch._utils._rebuild_tensor_v2"`. */
  readonly name: string;
  /** Of storages and dtypes; `undefined` of storages without a type. */
  readonly dtype?: ElementType;
}

/** An object of a class that is only kept by name. */
export interface Inert {
  readonly name: string;
  readonly args: readonly unknown[];
  state?: unknown;
}

const STORAGES: Readonly<Record<string, ElementType>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  BFloat16Storage: "bfloat16",
  ComplexFloatStorage: "complex64",
  ComplexDoubleStorage: "complex128",
};

const DTYPES: Readonly<Record<string, ElementType>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  long: "int64",
  int: "int32",
  short: "int16",
  cfloat: "complex64",
  cdouble: "complex128",
};

const FUNCTIONS: ReadonlySet<string> = new Set([
  "torch._utils._rebuild_tensor",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch._tensor._rebuild_from_type_v2",
  "_codecs.encode",
  "builtins.set",
  "builtins.bytearray",
  "builtins.complex",
  "collections.Counter",
  "torch.Size",
]);

/** Data that is kept as it is named. */
const INERT: ReadonlySet<string> = new Set([
  "torch.device",
  "torch.Tensor",
  "torch.nn.parameter.Parameter",
  "torch.serialization._get_layout",
  "argparse.Namespace",
  "numpy.dtype",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
]);

const PYTHON_2: Readonly<Record<string, string>> = { __builtin__: "builtins", copy_reg: "copyreg" };

/** The meaning of a global; `undefined` of those that are not allowed. */
export function pickleGlobal(module: string, name: string): PickleGlobal | undefined {
  const full = `${Object.hasOwn(PYTHON_2, module) ? PYTHON_2[module] : module}.${name}`;
  if (full === "collections.OrderedDict") return { kind: "ordered dict", name: full };
  if (FUNCTIONS.has(full)) return { kind: "function", name: full };
  if (INERT.has(full)) return { kind: "inert", name: full };
  if (
    full === "torch.storage.UntypedStorage" ||
    full === "torch.storage.TypedStorage" ||
    full === "torch.UntypedStorage"
  )
    return { kind: "storage", name: full };
  if (module !== "torch") return undefined;
  if (Object.hasOwn(STORAGES, name)) return { kind: "storage", name: full, dtype: STORAGES[name] };
  const dtype = Object.hasOwn(DTYPES, name) ? DTYPES[name] : name;
  return isElementType(dtype) ? { kind: "dtype", name: full, dtype } : undefined;
}
