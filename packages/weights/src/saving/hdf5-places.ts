/** Where tensors stand in an HDF5 file: paths that are their names, as far as paths can be. */

/** The path of a dataset. */
export interface Place {
  readonly path: string;
  /** Whether the name follows from the path; else an attribute says it. */
  readonly isNatural: boolean;
}

/** Paths of a file that are taken. */
export class Places {
  private readonly datasets = new Set<string>();
  private readonly groups = new Set<string>();

  /**
   * Takes a path for a dataset: `parts` are the names on the way. What cannot be a name in HDF5 is written otherwise, and so is what would
   * stand where another is: the last part then holds all of `flat`, below the first `base` parts.
   */
  take(parts: readonly string[], base = 0): Place {
    const natural = parts.join("/");
    if (parts.every(isName) && this.isFree(parts)) return this.taken(parts, true);
    const above = parts.slice(0, base).map((part) => (isName(part) ? part : escaped(part)));
    const name = escaped(natural.slice(parts.slice(0, base).join("/").length + (base > 0 ? 1 : 0)));
    for (let i = 0; ; i++) {
      const path = [...above, i === 0 ? name : `${name}~${i}`];
      if (this.isFree(path)) return this.taken(path, false);
    }
  }

  private isFree(parts: readonly string[]): boolean {
    const path = parts.join("/");
    if (this.datasets.has(path) || this.groups.has(path)) return false;
    return parts.every((_, i) => i === 0 || !this.datasets.has(parts.slice(0, i).join("/")));
  }

  private taken(parts: readonly string[], isNatural: boolean): Place {
    for (let i = 1; i < parts.length; i++) this.groups.add(parts.slice(0, i).join("/"));
    const path = parts.join("/");
    this.datasets.add(path);
    return { path, isNatural };
  }
}

/** Whether a text can be the name of a link. */
export const isName = (name: string): boolean => name !== "" && name !== "." && !/[/\0]|\p{Surrogate}/u.test(name);

/** A name that says what cannot be one. */
export const escaped = (name: string): string => {
  const text = name.replaceAll(
    /[/\0%]|\p{Surrogate}/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return text === "" || text === "." ? `%${text}` : text;
};
