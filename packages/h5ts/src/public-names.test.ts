import { expect, it } from "vitest";
import * as h5ts from "./index.ts";
import * as reader from "./reader.ts";

const names = (module: object): string => Object.keys(module).sort().join(" ");

it("h5ts has these names", () => {
  expect(names(h5ts)).toMatchInlineSnapshot(
    `"AttributeReference Attributes BlobStorage ClosedError DType DTypeError Dataset DatasetView Datatype Dimension Empty ExistsError ExternalLink FilterError FormatError Group H5Error H5File H5Object HardLink HttpStorage LimitError LockedError MemoryStorage NodeFileStorage NotFoundError OpfsStorage PolicyError Reference RegionReference Result SelectionError ShapeError Slice SoftLink StorageError UnknownObject UnsupportedError UserLink VirtualLayout VirtualSource check checkSync columnOf columnsOf counted createRegistry defaultFilters dtype emptyRegistry isH5Error isHdf5 isHdf5Sync loadFilters open openOpfsFile openSync openWritable recover recoverSync slice withFile withFilter"`,
  );
});

it("h5ts/reader has these names", () => {
  expect(names(reader)).toMatchInlineSnapshot(
    `"AttributeReference Attributes BlobStorage ClosedError DType DTypeError Dataset DatasetView Datatype Dimension Empty ExistsError ExternalLink FilterError FormatError Group H5Error H5File H5Object HardLink HttpStorage LimitError LockedError MemoryStorage NodeFileStorage NotFoundError OpfsStorage PolicyError Reference RegionReference Result SelectionError ShapeError Slice SoftLink StorageError UnknownObject UnsupportedError UserLink counted createRegistry dtype emptyRegistry isH5Error isHdf5 isHdf5Sync open openSource openSourceSync openSync readerFilters slice withFile withFilter"`,
  );
});
