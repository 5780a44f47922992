/**
 * Paths, through links of all kinds.
 *
 * As in the reference library: components are separated by one or more slashes, `.` stands for nothing, `..` is a name like
 * any other, and a soft link's target counts from the group that holds the link, an external link's from the root of the
 * other file.
 */
import type { Address } from "../bytes/address.ts";
import type { LinkInfo, Located, Reader } from "../contract.ts";
import { UnsupportedError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import { link } from "./group/links.ts";
import { withinLimit } from "./limits.ts";
import type { MetadataFile } from "./metadata-file.ts";

/** An open file in which paths are followed. */
export interface PathFile extends Reader {
  readonly file: MetadataFile;
  /** The file that an external link names; `undefined` where it does not exist. */
  linked(name: string): Steps<PathFile | undefined>;
}

/** Follows a path from an object; from the root, if it begins with a slash. */
export function* resolvePath(start: PathFile, from: Address, path: string): Steps<Located | undefined> {
  if (path === "") return undefined;
  const walk = new Walk(start, from);
  walk.go(path);
  return yield* walk.run();
}

/** Follows one link of a group. */
export function* followLink(start: PathFile, group: Address, first: LinkInfo): Steps<Located | undefined> {
  const walk = new Walk(start, group);
  if (!(yield* walk.take(first))) return undefined;
  return yield* walk.run();
}

/** Where a walk along a path is, and what of the path is left; links put their targets in front of that. */
class Walk {
  private reader: PathFile;
  private at: Address;
  /** The next component is the last of these. */
  private rest: string[] = [];
  private softLinks = 0;
  private externalLinks = 0;

  constructor(reader: PathFile, at: Address) {
    this.reader = reader;
    this.at = at;
  }

  go(path: string): void {
    if (path.startsWith("/")) this.at = this.reader.info.root;
    const components = path.split("/");
    for (let i = components.length - 1; i >= 0; i--) {
      if (components[i] !== "" && components[i] !== ".") this.rest.push(components[i]);
    }
  }

  *run(): Steps<Located | undefined> {
    for (;;) {
      const name = this.rest.pop();
      if (name === undefined) return { reader: this.reader, address: this.at };
      const found = yield* link(this.reader.file, this.at, name);
      if (found === undefined || !(yield* this.take(found))) return undefined;
    }
  }

  /** False: the link dangles. */
  *take(found: LinkInfo): Steps<boolean> {
    switch (found.type) {
      case "hard":
        this.at = found.address;
        return true;
      case "soft":
        withinLimit(this.reader.file.limits, "softLinks", ++this.softLinks, `Soft link ${JSON.stringify(found.name)}`);
        this.go(found.target);
        return true;
      case "external":
        return yield* this.leave(found.file, found.target, found.name);
      case "user":
        throw new UnsupportedError("is of a user-defined kind, which only its author can follow", {
          structure: `Link ${JSON.stringify(found.name)}`,
          found: found.code,
          allowed: "hard, soft and external links",
        });
    }
  }

  private *leave(file: string, target: string, name: string): Steps<boolean> {
    const { limits } = this.reader.file;
    withinLimit(limits, "externalLinks", ++this.externalLinks, `External link ${JSON.stringify(name)}`);
    const other = yield* this.reader.linked(file);
    if (other === undefined) return false;
    this.reader = other;
    this.at = other.info.root;
    this.go(target);
    return true;
  }
}
