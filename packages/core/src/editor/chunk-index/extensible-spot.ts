/** Where an extensible array keeps an element. */
import type { ExtensibleArrayHeader } from "../../format/extensible-array/extensible-array-header.ts";
import { dataBlockPages, type ExtensibleArrayGeometry, superBlockOf } from "../../format/extensible-array/geometry.ts";

/** Where an element stands, those of the index block not counted. */
export interface Spot {
  /** Super block, data block in it, page in that (0 where it is not paged), element in block or page. */
  readonly u: number;
  readonly b: number;
  readonly page: number;
  readonly element: number;
}

/** `undefined`: in the index block. */
export function spotOf(
  header: ExtensibleArrayHeader,
  geometry: ExtensibleArrayGeometry,
  index: number,
): Spot | undefined {
  const element = index - header.indexElements;
  if (element < 0) return undefined;
  const u = superBlockOf(geometry, element);
  const within = element - geometry.firstElement[u];
  const b = Math.floor(within / geometry.elements[u]);
  const inBlock = within - b * geometry.elements[u];
  if (dataBlockPages(geometry, u) === 0) return { u, b, page: 0, element: inBlock };
  const page = Math.floor(inBlock / geometry.pageElements);
  return { u, b, page, element: inBlock - page * geometry.pageElements };
}

/**
 * What a data block says of its place. For blocks of the index block the reference library counts those of the super
 * blocks before too; nobody looks at it.
 */
export function blockOffset(geometry: ExtensibleArrayGeometry, u: number, b: number): number {
  const number = u < geometry.direct ? geometry.firstDataBlock[u] + b : b;
  return geometry.firstElement[u] + number * geometry.elements[u];
}
