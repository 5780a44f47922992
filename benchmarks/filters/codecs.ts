/** Measures the codecs: ours on one thread and in a pool, libhdf5's, and those of npm packages, on the same chunks. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Codec, defaultFilters, loadFilters, WorkerPool, withWorkers } from "@h5ts/filters";
import { BYTES, CHUNKS, DIMS, LINES, type Line } from "./chunks.ts";
import { awaitedSpeed, parallelSpeed, processorSpeed } from "./measure.ts";
import { otherCodec } from "./others.ts";

/** MB/s both ways. */
export interface Speeds {
  readonly decode: number;
  readonly encode?: number;
}

/** What was measured for a line. */
export interface CodecFigures {
  readonly line: Line;
  readonly sync: Speeds;
  readonly pool: Speeds;
  readonly native?: Speeds;
  readonly others: Readonly<Record<string, Speeds>>;
  /** Bytes of the chunk for one stored: ours, and libhdf5's. */
  readonly ratio: number;
  readonly nativeRatio?: number;
}

/** Chunks in flight with a pool: as many as core decodes at once. */
const IN_FLIGHT = 8;

interface Prepared {
  readonly codec: Codec;
  readonly clientData: readonly number[];
  readonly stored: Uint8Array;
  readonly bytes: Uint8Array;
}

function prepare({ filter, options, data }: Line, codec: Codec): Prepared {
  const { bytes, type } = CHUNKS[data];
  const clientData = codec.clientData?.(options, { dims: DIMS, type }) ?? [];
  const stored = codec.encode?.(bytes, clientData);
  if (!stored) throw new Error(`${filter} does not make the chunk smaller`);
  return { codec, clientData, stored, bytes };
}

const SIZE = { exact: BYTES, max: BYTES };

const onOneThread = ({ codec, clientData, stored, bytes }: Prepared): Speeds => ({
  decode: processorSpeed(() => codec.decode(stored, clientData, SIZE)),
  encode: processorSpeed(() => codec.encode?.(bytes, clientData)),
});

/** Asynchronous calls, several at a time: in Node's thread pool, in workers, or on the calling thread where that is faster. */
async function inPool(line: Line, pool: WorkerPool): Promise<Speeds> {
  const codec = await withWorkers(defaultFilters, pool).get(line.filter)?.load();
  if (!codec?.decodeAsync || !codec.encodeAsync) throw new Error(`${line.filter} has no asynchronous way`);
  const { clientData, stored, bytes } = prepare(line, codec);
  const { decodeAsync, encodeAsync } = codec;
  return {
    decode: await parallelSpeed(IN_FLIGHT, () => decodeAsync(stored, clientData, SIZE)),
    encode: await parallelSpeed(IN_FLIGHT, () => encodeAsync(bytes, clientData)),
  };
}

async function byOthers({ others = [], options }: Line, { stored, bytes }: Prepared): Promise<Record<string, Speeds>> {
  const found: Record<string, Speeds> = {};
  for (const name of others) {
    const { decode, encode } = await otherCodec(name, options);
    found[name] = {
      decode: await awaitedSpeed(() => decode(stored)),
      encode: encode && (await awaitedSpeed(() => encode(bytes))),
    };
  }
  return found;
}

interface NativeFigures extends Speeds {
  readonly ratio: number;
}

/** libhdf5's figure of one line. */
function byLibhdf5(line: Line, python: string): NativeFigures {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-bench-"));
  try {
    const { bytes, dtype } = CHUNKS[line.data];
    writeFileSync(join(folder, `${line.data}.bin`), bytes);
    writeFileSync(join(folder, "lines.json"), JSON.stringify([{ ...line, options: line.options ?? null, dtype }]));
    const script = fileURLToPath(new URL("./native.py", import.meta.url));
    return JSON.parse(execFileSync(python, [script, folder], { encoding: "utf8" }))[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures line by line, everything of a line within seconds. */
export async function* measureCodecs(wanted: RegExp, python: string | undefined): AsyncGenerator<CodecFigures> {
  await loadFilters(defaultFilters);
  const pool = new WorkerPool();
  for (const line of LINES.filter(({ filter }) => wanted.test(filter))) {
    const codec = defaultFilters.get(line.filter)?.codec;
    if (!codec) throw new Error(`no filter ${line.filter}`);
    const prepared = prepare(line, codec);
    const native = python === undefined ? undefined : byLibhdf5(line, python);
    yield {
      line,
      sync: onOneThread(prepared),
      native,
      nativeRatio: native?.ratio,
      pool: await inPool(line, pool),
      others: await byOthers(line, prepared),
      ratio: BYTES / prepared.stored.length,
    };
  }
  pool.close();
}
