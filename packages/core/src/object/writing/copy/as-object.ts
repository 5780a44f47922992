/** What a copy is to have of every object. */
import type { AnyObjectInfo, NewObject } from "../../../contract.ts";

export const newObject = ({ attributeOrder, times }: AnyObjectInfo): NewObject => ({
  attributeOrder,
  trackTimes: times !== undefined,
});
