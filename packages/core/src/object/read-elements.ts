/** Reading of elements, as steps: from what the caller selects to a result, or into the caller's own memory. */
import type { DatasetInfo } from "../contract.ts";
import type { TypedArray } from "../data/arrays.ts";
import type { ElementSink } from "../data/codecs/element-sink.ts";
import { makeSink } from "../data/codecs/make-sink.ts";
import { sharedNumbers } from "../data/codecs/shared-numbers.ts";
import { type ElementView, viewType } from "../data/codecs/view.ts";
import { DType } from "../data/dtype/dtype.ts";
import { Empty } from "../data/empty.ts";
import { makeResult, type Result } from "../data/result.ts";
import type { SelectionInput } from "../data/selection/input.ts";
import { parseSelection } from "../data/selection/parse.ts";
import type { Selection } from "../data/selection/selection.ts";
import { SelectionError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";

type DatasetNode = Node<Mode, DatasetInfo>;

/** Where elements go instead of new memory. */
export interface Target {
  readonly into: unknown;
  /** Element of `into` at which they begin. Default 0. */
  readonly at?: number;
}

/** Reads what is selected, all by default, as `view` says. `share`: the result may share memory with the storage. */
export function* readElements<T>(
  node: DatasetNode,
  view: ElementView,
  selection: SelectionInput | undefined,
  share = false,
): Steps<Result<T>> {
  // Not before its turn has come: the extent may be another then.
  const { info, session } = node;
  const chosen = chosenOf(info, selection);
  const shared = share ? sharedData(info, session, view, chosen) : undefined;
  if (shared !== undefined) return makeResult<T>(shared, chosen.shape, info.datatype);
  const sink = yield* filled(info, session, view, chosen);
  const type = viewType(info.datatype, view);
  if (info.dataspace.kind === "null") return new Empty(sink.result() as T, new DType<T>(type));
  return makeResult<T>(sink.result(), chosen.shape, type);
}

/** The same into the caller's memory. */
export function* fillTarget(
  node: DatasetNode,
  view: ElementView,
  selection: SelectionInput | undefined,
  target: Target,
): Steps<void> {
  const { info, session } = node;
  const sink = yield* filled(info, session, view, chosenOf(info, selection), target);
  sink.result();
}

function sharedData(
  info: DatasetInfo,
  session: Session<Mode>,
  view: ElementView,
  selection: Selection,
): TypedArray | undefined {
  if (view.fields !== undefined || view.as !== undefined || info.dataspace.kind === "null") return undefined;
  const bytes = session.reader.shared(info, selection);
  return bytes && sharedNumbers(info.datatype, bytes);
}

const NOTHING: Selection = {
  kind: "runs",
  starts: new Float64Array(0),
  lengths: new Float64Array(0),
  shape: [0],
  count: 0,
};

function chosenOf(info: DatasetInfo, selection: SelectionInput | undefined): Selection {
  if (info.dataspace.kind !== "null") return parseSelection(selection, info.dataspace.dims);
  const whole = selection === undefined || selection === null || selection === "...";
  if (whole || (Array.isArray(selection) && selection.length === 0)) return NOTHING;
  throw new SelectionError("selects elements of a null dataspace, which has none", { allowed: "no selection" });
}

function* filled(
  info: DatasetInfo,
  session: Session<Mode>,
  view: ElementView,
  selection: Selection,
  target?: Target,
): Steps<ElementSink> {
  const fill = info.fill.value;
  const { reader, options } = session;
  const { sizes } = reader.info;
  const sink = makeSink(info.datatype, selection.count, { view, fill, limits: options.limits, sizes, ...target });
  if (info.dataspace.kind !== "null") yield* reader.read(info, selection, sink);
  return sink;
}
