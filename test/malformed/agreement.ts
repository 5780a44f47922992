/** Where a digest and the oracle both read a value of a damaged file, the values are the same. */
import type { FileDigest } from "@h5ts/cli";
import type { Truth, TruthRecord } from "../support/corpus.ts";

export interface Agreement {
  /** Files that both could open. */
  files: number;
  /** Values of datasets and attributes that both read. */
  values: number;
  readonly different: string[];
}

/** Counts and compares the values that both have; what only one of them could read is not compared. */
export function compareValues(agreement: Agreement, title: string, truth: Truth, digest: FileDigest): void {
  if (!truth.readable || !digest.readable) return;
  agreement.files++;
  const found = new Map((digest.objects as unknown as TruthRecord[]).map((object) => [object.path, object]));
  for (const object of truth.objects) {
    const other = found.get(object.path!);
    if (other === undefined || other.kind !== object.kind) continue;
    compareValue(agreement, `${title}: ${object.path}`, object, other);
    const attributes = new Map((other.attrs as TruthRecord[] | undefined)?.map((one) => [one.name, one]));
    for (const one of object.attrs as TruthRecord[]) {
      compareValue(agreement, `${title}: ${object.path}@${one.name}`, one, attributes.get(one.name));
    }
  }
}

/** Without the values that are not the same when the oracle reads again: it gives memory that it never wrote. */
export function withoutUndefined(truth: Truth, again: Truth): Truth {
  const others = new Map(again.objects.map((object) => [object.path, object]));
  const kept = (one: TruthRecord, other: TruthRecord | undefined): TruthRecord =>
    one.sha256 === other?.sha256 ? one : { ...one, sha256: undefined };
  const objects = truth.objects.map((object) => {
    const other = others.get(object.path);
    const attributes = new Map((other?.attrs as TruthRecord[] | undefined)?.map((one) => [one.name, one]));
    const attrs = (object.attrs as TruthRecord[]).map((one) => kept(one, attributes.get(one.name)));
    return { ...kept(object, other), attrs };
  });
  return { ...truth, objects };
}

function compareValue(agreement: Agreement, at: string, a: TruthRecord, b: TruthRecord | undefined): void {
  if (a.sha256 === undefined || b?.sha256 === undefined) return;
  agreement.values++;
  if (a.sha256 === b.sha256) return;
  const shown = ({ shape, dtype, layout, fill, nbytes, hex }: TruthRecord): string =>
    JSON.stringify({ shape, dtype, layout, fill, nbytes, hex }).slice(0, 400);
  agreement.different.push(`${at}\n    oracle ${shown(a)}\n    h5ts   ${shown(b)}`);
}
