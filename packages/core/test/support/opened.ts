/** Opens fakes through the object model. */
import { DType } from "../../src/data/dtype/dtype.ts";
import type { Datatype } from "../../src/format/datatype/datatype.ts";
import type { H5File } from "../../src/object/file.ts";
import type { Mode, Outcomes } from "../../src/object/mode.ts";
import { openModel } from "../../src/object/open-model.ts";
import type { SessionOptions } from "../../src/object/session.ts";
import type { Steps } from "../../src/steps/steps.ts";
import type { FakeReader } from "./fake-reader.ts";

const OPTIONS: SessionOptions = {
  libver: ["earliest", "v200"],
  limits: { resultBytes: 2 ** 20, vlenElementBytes: 2 ** 16, vlenBytes: 2 ** 18 },
  filterName: () => undefined,
};

function* given<T>(value: T): Steps<T> {
  return value;
}

export function opened<M extends Mode>(
  mode: M,
  reader: FakeReader,
  options: Partial<SessionOptions> = {},
): Outcomes<H5File<M>>[M] {
  return openModel(mode, given(reader), { ...OPTIONS, ...options });
}

/** The datatype of that name. */
export const type = (name: string): Datatype => DType.from(name).datatype;
