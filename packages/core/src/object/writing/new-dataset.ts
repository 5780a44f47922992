/** From the options of a new dataset to what the editor is asked for, and the elements to be written. */
import type { NewDataset } from "../../contract.ts";
import { isFlat } from "../../data/codecs/view.ts";
import { sizedType } from "../../data/dtype/sized.ts";
import { floatType } from "../../data/dtype/standard.ts";
import { Empty } from "../../data/empty.ts";
import type { Source } from "../../data/source.ts";
import { encodeElement, sourceFor, type ValueToWrite, valueToWrite } from "../../data/writing/write-value.ts";
import { ShapeError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Mode } from "../mode.ts";
import type { Session } from "../session.ts";
import type { DatasetOptions } from "./dataset-options.ts";
import type { Edit } from "./edit.ts";
import { newPipeline } from "./new-pipeline.ts";
import { dataspaceOf, externalFiles, growing, layoutFor, shapeOf } from "./new-shape.ts";
import { type AskedType, askedType } from "./new-type.ts";
import type { DatasetRequest } from "./virtual-options.ts";

type Fill = NewDataset["fill"];

export interface DatasetToMake {
  readonly asked: NewDataset;
  /** The elements, where some were given. */
  readonly source?: Source;
}

/** Datatype, extent and elements. */
type Content = Omit<ValueToWrite, "source"> & { readonly source?: Source };

export function* datasetToMake(edit: Edit, session: Session<Mode>, options: DatasetRequest): Steps<DatasetToMake> {
  const type = options.dtype === undefined ? undefined : askedType(options.dtype, session);
  const { datatype, dims, source } = contentOf(options, type, edit);
  const dataspace = growing(dataspaceOf(dims), options.maxShape);
  const layout = layoutFor(options, dataspace, datatype);
  const { fill, fillSource } = fillOf(options, datatype, layout.class);
  const chunk = layout.class === "chunked" ? layout.chunk : [];
  // Of data of variable length the fill value stands elsewhere: no filter can use it.
  const fillValue = fillSource === undefined ? fill.value : null;
  const description = { dims: chunk, type: datatype, ...(fillValue === undefined ? {} : { fillValue }) };
  const filters = layout.class === "chunked" ? yield* newPipeline(edit.filters, options, description) : [];
  const tracked = options.trackOrder === true;
  const asked: NewDataset = {
    datatype,
    ...(type?.committed === undefined ? {} : { committed: type.committed }),
    dataspace,
    layout,
    pipeline: { filters },
    fill,
    ...(fillSource === undefined ? {} : { fillSource }),
    external: externalFiles(options.external),
    attributeOrder: { tracked, indexed: tracked },
    trackTimes: options.trackTimes === true,
  };
  return { asked, ...(source === undefined ? {} : { source }) };
}

const DEFAULT_TYPE = floatType("float32");

function contentOf(options: DatasetOptions, type: AskedType | undefined, { reader }: Edit): Content {
  const { data, shape } = options;
  const { sizes } = reader.info;
  const datatype = sizedType(type?.datatype ?? DEFAULT_TYPE, sizes);
  if (data === undefined) {
    if (shape === undefined && type === undefined) {
      throw new ShapeError("one of data, shape and dtype must be given");
    }
    // As in h5py, a datatype alone makes an empty dataset.
    return { datatype, dims: shape === undefined || shape === null ? null : shapeOf(shape) };
  }
  const given = { ...(type === undefined ? {} : { datatype }), sizes };
  if (shape === null || data instanceof Empty) {
    if (data instanceof Empty && (shape === undefined || shape === null)) return valueToWrite(data, given);
    throw new ShapeError("empty datasets have no elements", { found: shape === null ? "data" : "a shape" });
  }
  return valueToWrite(data, shape === undefined ? given : { ...given, shape: shapeOf(shape) });
}

const DEFAULT_ALLOCATION = {
  compact: "early",
  contiguous: "late",
  chunked: "incremental",
  virtual: "incremental",
} as const;
const WRITE_TIMES = { alloc: "onalloc", never: "never", ifset: "ifset" } as const;

function fillOf(
  { fillValue, fillTime = "ifset", allocTime }: DatasetOptions,
  datatype: NewDataset["datatype"],
  layout: keyof typeof DEFAULT_ALLOCATION,
): { fill: Fill; fillSource?: Source } {
  const writeTime = WRITE_TIMES[fillTime] ?? undefined;
  if (writeTime === undefined) {
    throw new ShapeError("there is no such fillTime", { found: fillTime, allowed: '"alloc", "never", "ifset"' });
  }
  const times = { allocTime: allocTime ?? DEFAULT_ALLOCATION[layout], writeTime };
  if (fillValue === undefined) return { fill: { defined: "default", ...times } };
  if (isFlat(datatype)) return { fill: { defined: "user", value: encodeElement(datatype, fillValue), ...times } };
  return { fill: { defined: "user", ...times }, fillSource: sourceFor(fillValue, datatype, []) };
}
