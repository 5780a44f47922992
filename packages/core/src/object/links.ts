/** Links as values: what `getLink` tells of a link without following it. */
import type { LinkInfo } from "../contract.ts";

/** Leads to an object of the same file. Every object has at least one, unless only references lead to it. */
export class HardLink {
  /** Tells it from other links. */
  readonly type = "hard" as const;
  /** Address of the object's header; absent from links that are yet to be made. */
  readonly address: number | undefined;

  constructor(address?: number) {
    this.address = address;
  }
}

/** Leads to whatever stands at a path, or to nothing. */
export class SoftLink {
  /** Tells it from other links. */
  readonly type = "soft" as const;
  /** From the root, or from the group of the link. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** Leads to a path in another file. */
export class ExternalLink {
  /** Tells it from other links. */
  readonly type = "external" as const;
  /** Name of the file, as it stands in this one. */
  readonly filename: string;
  /** From the root of that file. */
  readonly path: string;

  constructor(filename: string, path: string) {
    this.filename = filename;
    this.path = path;
  }
}

/** A link of a class that its writer defined; shown, never followed. */
export class UserLink {
  /** Tells it from other links. */
  readonly type = "user" as const;
  /** Class of the link, 65 to 255. */
  readonly code: number;
  /** What its class makes of it. */
  readonly data: Uint8Array;

  constructor(code: number, data: Uint8Array) {
    this.code = code;
    this.data = data;
  }
}

export type Link = HardLink | SoftLink | ExternalLink | UserLink;

export function linkOf(info: LinkInfo): Link {
  switch (info.type) {
    case "hard":
      return new HardLink(info.address);
    case "soft":
      return new SoftLink(info.target);
    case "external":
      return new ExternalLink(info.file, info.target);
    case "user":
      return new UserLink(info.code, info.data);
  }
}
