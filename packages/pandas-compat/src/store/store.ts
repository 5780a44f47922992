/** pandas' HDFStore: frames and series by key in a file. */
import { H5File, type OpenMode, type OpenOptions, open, SelectionError, type Source, UnsupportedError } from "h5ts";
import { axisLength, checkFrame, type Frame, type Series, takeRows } from "../frame/frame.ts";
import { PLAIN_TEXT, type TextForm } from "../frame/text.ts";
import type { Compression } from "../pytables/compression.ts";
import { createGroup, markRoot } from "../pytables/create.ts";
import type { IndexOptions } from "../pytables/index/create-index.ts";
import type { Generation } from "../python/text-pickle.ts";
import { blocksOf, writeFixed } from "./fixed/write-fixed.ts";
import { objectPaths } from "./keys.ts";
import { readCategories, readObject, type StoredObject, storedObject } from "./read-object.ts";
import { appendRows } from "./table/append.ts";
import { indexTable } from "./table/index-table.ts";
import { planTable, type TableOptions } from "./table/plan.ts";
import { removeRows } from "./table/remove-rows.ts";
import { type SelectOptions, selectChunks, selectedRows, selectRows } from "./table/select.ts";
import { writeTable } from "./table/write-table.ts";

/** How a store is opened. */
export interface StoreOptions extends OpenOptions, Compression {
  /**
   * The pandas that is to go on with the file. Default 3, which reads what 1 reads too, but appends to its own tables only. 1: for pandas 1
   * and 2, which do not know units but nanoseconds.
   */
  readonly pandas?: Generation;
}

/** How an object is written. */
export interface PutOptions extends TableOptions, Compression {
  /** Default `"fixed"`. */
  readonly format?: "fixed" | "table";
  /** Python's name of the encoding of text. Default UTF-8. */
  readonly encoding?: string;
  /** Python's word for what cannot be encoded. Default `"strict"`. */
  readonly errors?: string;
  /** What stands for missing text in tables. Default `"nan"`. */
  readonly nanRep?: string;
  /** Rows that there will be in the end. Default: those that are written. */
  readonly expectedRows?: number;
  /**
   * Which columns of a table get an index, by which conditions find rows without reading all. Default, as in pandas: the index of the rows and
   * the data columns, but for those that PyTables has no index for.
   */
  readonly index?: boolean | readonly string[];
}

/** An object in a file, described. */
export interface StoreInfo {
  /** Path of the object in the file, with its slash: `"/prices"`. */
  readonly key: string;
  /** How it is stored. */
  readonly format: StoredObject["format"];
  /** Frame or series. */
  readonly kind: "frame" | "series";
  /** Rows of the object. */
  readonly rows: number | undefined;
  /** Columns that conditions may name. */
  readonly dataColumns: readonly string[];
}

/** Frames and series in a file, by their keys. */
export class HDFStore {
  /** The HDF5 file that the store was opened over. */
  readonly file: H5File<"async">;
  private readonly options: StoreOptions;
  private readonly owned: boolean;

  /** Stores are opened by {@link openStore}. */
  constructor(file: H5File<"async">, options: StoreOptions, owned: boolean) {
    this.file = file;
    this.options = options;
    this.owned = owned;
  }

  /** The paths of all objects, those of categories among them, as pandas lists them. */
  keys(): Promise<string[]> {
    return objectPaths(this.file);
  }

  /** Whether there is an object of that key. */
  async has(key: string): Promise<boolean> {
    return this.file.has(pathOf(key));
  }

  /** The object of that key. NotFoundError where there is none, UnsupportedError where that is nothing that pandas reads. */
  async get(key: string): Promise<Frame | Series> {
    return readObject(await storedObject(this.file, pathOf(key)));
  }

  /**
   * Rows and columns of a table.
   *
   * ```ts
   * await store.select("prices", { where: 'index >= "2024-01-01" & (price <= 3 | name == "tin")', columns: ["price"] });
   * ```
   *
   * SelectionError of conditions that pandas would not take; of objects in the fixed format rows alone can be chosen.
   */
  async select(key: string, options: SelectOptions = {}): Promise<Frame | Series> {
    const stored = await storedObject(this.file, pathOf(key));
    if (stored.format === "table") return selectRows(stored.layout, options);
    return rowsOf(await readObject(stored), pathOf(key), options);
  }

  /** The same in pieces of `chunkSize` rows, 100,000 by default, that fulfil the condition. */
  async *chunks(
    key: string,
    options: SelectOptions & { readonly chunkSize?: number } = {},
  ): AsyncGenerator<Frame | Series> {
    const { layout } = await tableAt(this.file, pathOf(key), "can be read in pieces");
    const { chunkSize = 100_000 } = options;
    if (!(Number.isInteger(chunkSize) && chunkSize > 0))
      throw new SelectionError("is no size of a piece", { structure: "chunkSize", found: chunkSize });
    yield* selectChunks(layout, options, chunkSize);
  }

  /** What an object is, without its values. */
  async info(key: string): Promise<StoreInfo> {
    const stored = await storedObject(this.file, pathOf(key));
    if (stored.format === "generic")
      return { key, format: "generic", kind: "frame", rows: stored.table.shape[0], dataColumns: [] };
    if (stored.format === "fixed")
      return { key, format: "fixed", kind: stored.isSeries ? "series" : "frame", rows: undefined, dataColumns: [] };
    const { table, isSeries, dataColumns } = stored.layout;
    return { key, format: "table", kind: isSeries ? "series" : "frame", rows: table.shape[0], dataColumns };
  }

  /** Writes an object, in place of what stands at the key. Empty ones in the table format leave nothing, as in pandas. */
  async put(key: string, object: Frame | Series, options: PutOptions = {}): Promise<void> {
    checkFrame(object);
    const path = pathOf(key);
    const asTable = options.format === "table";
    // What cannot be written is found out before anything is removed.
    const plan = asTable ? planTable(object, this.form(options), options) : undefined;
    if (!asTable && object.kind === "frame") blocksOf(object);
    if (await this.file.has(path)) await this.file.delete(path);
    if (asTable && axisLength(object.index) === 0) return;
    await markRoot(this.file);
    const target = { form: this.form(options), compression: this.compression(options), pandas: this.pandas };
    const group = await createGroup(this.file, path);
    if (plan === undefined) await writeFixed({ ...target, group }, object);
    else
      await writeTable(
        { ...target, group, ...(options.expectedRows === undefined ? {} : { expectedRows: options.expectedRows }) },
        plan,
      );
    if (plan !== undefined && options.index !== false)
      await this.createTableIndex(path, typeof options.index === "object" ? { columns: options.index } : {});
  }

  /** Appends rows to a table; makes one where there is none. DTypeError where they are not as its rows are. */
  async append(key: string, object: Frame | Series, options: Omit<PutOptions, "format"> = {}): Promise<void> {
    checkFrame(object);
    const path = pathOf(key);
    if (!(await this.file.has(path))) return this.put(key, object, { ...options, format: "table" });
    const { layout } = await tableAt(this.file, path, "can be appended to");
    await appendRows(layout, object, await readCategories(layout), this.pandas);
  }

  /**
   * Makes indexes of a table's columns, by which conditions find rows without reading all; those that there are of the same kind are left as
   * they are, others made anew. SelectionError of columns that conditions cannot name, UnsupportedError of those that PyTables has no index for.
   */
  async createTableIndex(
    key: string,
    options: IndexOptions & { readonly columns?: readonly string[] } = {},
  ): Promise<void> {
    const path = pathOf(key);
    const { layout } = await tableAt(this.file, path, "has indexes");
    await indexTable(layout, options);
  }

  /**
   * Removes the object of a key, with all below it; of a table, where `options` choose some, rows alone. Gives how many rows: `undefined` of
   * whole objects. NotFoundError where there is none, UnsupportedError where rows are to be removed from what is no table.
   */
  async remove(key: string, options: Omit<SelectOptions, "columns"> = {}): Promise<number | undefined> {
    const path = pathOf(key);
    const { where, start, stop } = options;
    if (where === undefined && start === undefined && stop === undefined) {
      await this.file.delete(path);
      return undefined;
    }
    const { layout } = await tableAt(this.file, path, "has rows to remove");
    const rows = await selectedRows(layout, options);
    await removeRows(layout, rows);
    return rows.length;
  }

  /** Commits what was written. */
  async flush(): Promise<void> {
    await this.file.flush();
  }

  /** Closes the file, if the store opened it. */
  async close(): Promise<void> {
    if (this.owned) await this.file.close();
  }

  /** `await using store = await openStore(...)` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private get pandas(): Generation {
    return this.options.pandas ?? 3;
  }

  private form({
    encoding = PLAIN_TEXT.encoding,
    errors = PLAIN_TEXT.errors,
    nanRep = PLAIN_TEXT.nanRep,
  }: PutOptions): TextForm {
    return { encoding, errors, nanRep };
  }

  private compression(options: PutOptions): Compression {
    const { complevel, complib, shuffle, fletcher32 } = { ...this.options, ...options };
    return {
      ...(complevel === undefined ? {} : { complevel }),
      ...(complib === undefined ? {} : { complib }),
      ...(shuffle === undefined ? {} : { shuffle }),
      ...(fletcher32 === undefined ? {} : { fletcher32 }),
    };
  }
}

/** The table at a path. UnsupportedError of other objects. */
async function tableAt(
  file: H5File<"async">,
  path: string,
  use: string,
): Promise<StoredObject & { readonly format: "table" }> {
  const stored = await storedObject(file, path);
  if (stored.format === "table") return stored;
  throw new UnsupportedError(`is no table that ${use}`, { structure: "pandas object", path, found: stored.format });
}

/** Rows of what was read whole. */
function rowsOf(
  object: Frame | Series,
  path: string,
  { start = 0, stop, where, columns }: SelectOptions,
): Frame | Series {
  if (where !== undefined || columns !== undefined)
    throw new UnsupportedError("is no table that conditions can choose from", { structure: "pandas object", path });
  const length = axisLength(object.index);
  const rows = Array.from({ length }, (_, i) => i).slice(start, stop ?? length);
  return rows.length === length ? object : takeRows(object, rows);
}

/** Keys are paths from the root. */
const pathOf = (key: string): string => (key.startsWith("/") ? key : `/${key}`);

/** Bytes that are read at least of files here. */
const INDEX_PAGE = 2048;

/**
 * Opens a store: a path, or whatever else `open` of `h5ts` takes, or a file that is open. Modes are those of `open`; `"r"`, the default,
 * for reading.
 */
export async function openStore(
  source: Source | H5File<"async">,
  mode: OpenMode = "r",
  options: StoreOptions = {},
): Promise<HDFStore> {
  if (source instanceof H5File) return new HDFStore(source, options, false);
  // Of what an index says, a few hundred bytes are wanted here and there: larger pages would be most of what is read.
  const isLocal = typeof source === "string" && !/^[a-z][a-z\d+.-]+:/i.test(source);
  const pages = isLocal ? { cachePageSize: INDEX_PAGE } : {};
  return new HDFStore(await open(source, mode, { ...pages, ...options }), options, true);
}
