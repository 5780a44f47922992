/** The option `locking`, and the variable of the environment that overrides it, as the reference library has it. */
import { environment } from "../platform.ts";

/**
 * Whether files are locked while they are open: `true`; `false`: never; `"best-effort"`: where the file system can. As in h5py; the
 * environment's `HDF5_USE_FILE_LOCKING` (`TRUE`, `FALSE`, `BEST_EFFORT`) overrides it.
 */
export type Locking = boolean | "best-effort";

const VALUES: Readonly<Record<string, Locking>> = {
  TRUE: true,
  "1": true,
  FALSE: false,
  "0": false,
  BEST_EFFORT: "best-effort",
};

/** Default: `true`. */
export function lockingOf(option: Locking | undefined): Locking {
  return VALUES[environment("HDF5_USE_FILE_LOCKING") ?? ""] ?? option ?? true;
}
