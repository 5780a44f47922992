/** Options of new groups. */
import type { CallOptions } from "../mode.ts";

/** Options of `createGroup` and `requireGroup`; each has a default. */
export interface GroupOptions extends CallOptions {
  /** Keep the order in which links and attributes are made; `keys()` then follows it. Default false. */
  readonly trackOrder?: boolean;
  /** Keep the time of the last change in the header. Default false, as h5py. */
  readonly trackTimes?: boolean;
}
