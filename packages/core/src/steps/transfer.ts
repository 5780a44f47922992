/** Carries out read requests: neighbouring extents in one access, long ones in parts, buffers used again. */
import { type Access, coalesce, partOf } from "./coalesce.ts";
import type { AsyncStorage, Extent, Outcome, SyncStorage } from "./storage.ts";

/** Bytes that a synchronous access joins at most: they stay in the processor's cache until they are copied. */
const SCRATCH = 256 << 10;
let scratch: Uint8Array | undefined;

/** Reads extents, an outcome each. */
export function transferSync(storage: SyncStorage, extents: readonly Extent[]): Outcome[] {
  if (extents.length === 1 || storage.costs.gap < 0) return storage.readSync(extents);
  const accesses = coalesce(extents, { ...storage.costs, maxAccess: Math.min(storage.costs.maxAccess, SCRATCH) });
  if (accesses.length === extents.length) return storage.readSync(extents);
  const outcomes: Outcome[] = new Array(extents.length);
  for (const access of accesses) {
    const [outcome] = storage.readSync([joined(extents, access)]);
    for (const i of access.members) outcomes[i] = partOf(extents[i], access, outcome);
  }
  return outcomes;
}

/** The extent over a whole access. Where each of its members has a place of its own to go to, the bytes only pass through. */
function joined(extents: readonly Extent[], access: Access): Extent {
  const { at, length, members } = access;
  if (members.length === 1) return extents[members[0]];
  if (length > SCRATCH || members.some((i) => extents[i].into === undefined)) return { at, length };
  scratch ??= new Uint8Array(SCRATCH);
  return { at, length, into: scratch.subarray(0, length) };
}

/** Reads extents, an outcome each, the accesses side by side. */
export async function transferAsync(
  storage: AsyncStorage,
  extents: readonly Extent[],
  signal?: AbortSignal,
): Promise<Outcome[]> {
  if (storage.costs.gap < 0) return storage.read(extents, signal);
  const accesses = coalesce(extents, storage.costs);
  const parts: Extent[] = [];
  const targets = accesses.map((access) => divide(extents, access, storage.costs.maxAccess, parts));
  const answers = await storage.read(parts, signal);
  const outcomes: Outcome[] = new Array(extents.length);
  let next = 0;
  accesses.forEach((access, a) => {
    const { target, count } = targets[a];
    const outcome = whole(parts, answers, next, count, target);
    next += count;
    // A single extent's own buffer is filled already.
    if (access.members.length === 1) outcomes[access.members[0]] = outcome;
    else for (const i of access.members) outcomes[i] = partOf(extents[i], access, outcome);
  });
  return outcomes;
}

interface Target {
  /** Where the parts go, if there are several. */
  readonly target?: Uint8Array;
  readonly count: number;
}

/** Adds the parts of an access to `parts`: one, or several of at most `most` bytes. */
function divide(extents: readonly Extent[], access: Access, most: number, parts: Extent[]): Target {
  const { at, length, members } = access;
  const into = members.length === 1 ? extents[members[0]].into : undefined;
  if (length <= most) {
    parts.push({ at, length, into });
    return { count: 1 };
  }
  const target = into ?? new Uint8Array(length);
  const count = Math.ceil(length / most);
  for (let from = 0; from < length; from += most) {
    const part = target.subarray(from, Math.min(length, from + most));
    parts.push({ at: at + from, length: part.length, into: part });
  }
  return { target, count };
}

/** One outcome of an access's parts: bytes up to the first that is short, or the first failure. */
function whole(
  parts: readonly Extent[],
  answers: readonly Outcome[],
  from: number,
  count: number,
  target: Uint8Array | undefined,
): Outcome {
  if (target === undefined) return answers[from];
  let filled = 0;
  for (let i = from; i < from + count; i++) {
    const answer = answers[i];
    if (!(answer instanceof Uint8Array)) return answer;
    filled += answer.length;
    if (answer.length < parts[i].length) break;
  }
  return target.subarray(0, filled);
}
