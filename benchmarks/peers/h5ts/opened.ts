/** A workload over an opened file, in either mode. */
import { type H5File, open, openSync } from "h5ts";
import type { Body, Context, Preparation } from "../serve.ts";

export type SyncFile = H5File<"sync">;
export type AsyncFile = H5File<"async">;

/** The same in either mode: `sync` as plain calls, `async` with `await`. The file is opened and closed in each run, as every peer does. */
export const both =
  (
    variant: string,
    name: string,
    sync: (file: SyncFile, context: Context) => number,
    async: (file: AsyncFile, context: Context) => Promise<number>,
  ): Preparation =>
  (context) =>
    variant === "sync" ? syncBody(context, name, sync) : asyncBody(context, name, async);

const syncBody =
  (context: Context, name: string, use: (file: SyncFile, context: Context) => number): Body =>
  () => {
    const file = openSync(context.file(name));
    const done = use(file, context);
    file.close();
    return done;
  };

const asyncBody =
  (context: Context, name: string, use: (file: AsyncFile, context: Context) => Promise<number>): Body =>
  async () => {
    const file = await open(context.file(name));
    const done = await use(file, context);
    await file.close();
    return done;
  };

/** Of a typed array, or of all columns. */
export const bytesOf = (data: unknown): number => {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return Object.values(data as object).reduce((sum: number, column) => sum + (column.byteLength ?? column.length), 0);
};
