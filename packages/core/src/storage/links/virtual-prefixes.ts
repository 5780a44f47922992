/** Folders in which sources of virtual datasets are looked for first: the option `virtualPrefix`, and the environment. */
import type { LinkKind, LinkPolicy } from "../../steps/link-policy.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import { NodeFileStorage } from "../node-file.ts";
import { environment, paths } from "../platform.ts";

/** Stands for the folder of the file, as in libhdf5. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: so it is written
const ORIGIN = "${ORIGIN}";

/**
 * Those of `HDF5_VDS_PREFIX` (of files on disk), then those of the option. Who runs the program says both: they are no names in a
 * file, and need no allowance.
 */
export function virtualPrefixes(storage: Storage, option: string | readonly string[] = []): string[] {
  const given = typeof option === "string" ? [option] : [...option];
  if (!(storage instanceof NodeFileStorage)) return given;
  const { sep, dirname, resolve } = paths();
  const listed = environment("HDF5_VDS_PREFIX")?.split(sep === "/" ? ":" : ";") ?? [];
  const folder = dirname(resolve(storage.label));
  return [...listed, ...given].filter((prefix) => prefix !== "").map((prefix) => prefix.replace(ORIGIN, folder));
}

/** One policy for sources of virtual datasets, another for everything else. */
export class VirtualPolicy implements LinkPolicy {
  private readonly others: LinkPolicy;
  private readonly sources: LinkPolicy;

  constructor(others: LinkPolicy, sources: LinkPolicy) {
    this.others = others;
    this.sources = sources;
  }

  storage(name: string, kind: LinkKind): Steps<Storage | undefined> {
    return (kind === "virtual source" ? this.sources : this.others).storage(name, kind);
  }

  /** Undefined where the other policy has no such way. */
  get writable(): LinkPolicy["writable"] {
    const { others } = this;
    return others.writable?.bind(others);
  }

  within(name: string): LinkPolicy {
    return new VirtualPolicy(this.others.within(name), this.sources.within(name));
  }
}
