/** Fields that hold one of a few numbers, each with a name. */
import type { Fields } from "./fields.ts";

/** The name of `code`, its place in `names`; a FormatError about `field` where there is none. */
export function named<T extends string>(f: Fields, names: readonly T[], code: number, field: string): T {
  return names[code] ?? f.fail(`has an unknown ${field}`, code, names.map((name, i) => `${i} (${name})`).join(", "));
}

/** The number of `name`; `undefined` where there is no value to write. */
export function codeOf<T extends string>(names: readonly T[], name: T | undefined): number | undefined {
  return name === undefined ? undefined : names.indexOf(name);
}
