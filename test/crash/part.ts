/** Which part of the crash tests is run. Below a tenth there are too few cases to meet every kind of outcome, which the tests ask for. */
import { SCALE } from "../support/corpus.ts";

export const PART: number = Math.max(0.1, SCALE);
