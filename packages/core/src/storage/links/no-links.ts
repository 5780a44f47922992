/** Policies that open nothing: "none", and "local" for a file that stands in no folder. */
import { PolicyError } from "../../errors.ts";
import type { LinkKind, LinkPolicy } from "../../steps/link-policy.ts";
import type { Steps } from "../../steps/steps.ts";

export class NoLinks implements LinkPolicy {
  private readonly reason: string;
  private readonly allowed: string;

  constructor(reason: string, allowed: string) {
    this.reason = reason;
    this.allowed = allowed;
  }

  *storage(name: string, kind: LinkKind): Steps<never> {
    throw new PolicyError(this.reason, { structure: kind, found: name, allowed: this.allowed });
  }

  within(): LinkPolicy {
    return this;
  }
}

/** The policy "none". */
export const NO_LINKS: LinkPolicy = new NoLinks(
  'is not followed: the option links is "none"',
  '"local", a resolver, "any"',
);

/** The policy "local" for bytes, Blobs and storages. */
export const NO_FOLDER: LinkPolicy = new NoLinks(
  "cannot be followed from a file that stands in no folder",
  "a resolver as option links: ({ name, kind, from }) => source",
);
