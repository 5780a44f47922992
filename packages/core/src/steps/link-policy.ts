/** How a file finds others that it names: the option `links`. Implemented beside the storages, used by the engine. */
import type { Steps } from "./steps.ts";
import type { Storage, WritableStorage } from "./storage.ts";

export type LinkKind = "external link" | "external raw file" | "virtual source" | "member file";

export interface LinkPolicy {
  /**
   * The storage of the file that `name`, as it stands in the file, means; opened read-only, by the caller to be closed.
   * `undefined`: allowed, but not there. PolicyError: not allowed; nothing was opened.
   */
  storage(name: string, kind: LinkKind): Steps<Storage | undefined>;
  /**
   * The same to be written, made where it is not there. Absent: what {@link storage} gives can be written, or nothing.
   */
  writable?(name: string, kind: LinkKind): Steps<WritableStorage>;
  /** The policy for names that stand in the file which `name` means. */
  within(name: string): LinkPolicy;
}
