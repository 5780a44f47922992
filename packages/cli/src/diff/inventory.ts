/** Everything that links reach in a file, by path: what two files are compared by. */
import type { AnyObject, Group, Link } from "h5ts";
import { outcomeOf } from "../opened.ts";

export type Found =
  | { readonly kind: "object"; readonly object: AnyObject<"async"> }
  /** A further hard link to an object that was found under the path `to`. */
  | { readonly kind: "alias"; readonly to: string }
  | { readonly kind: "link"; readonly link: Link }
  | { readonly kind: "error"; readonly error: Error };

export interface Inventory {
  /** By path from where it began; that itself is `"/"`. */
  readonly entries: ReadonlyMap<string, Found>;
  /** Paths by the addresses of objects. */
  readonly paths: ReadonlyMap<number, string>;
}

/** Hard links are followed, each object once; others are listed. */
export async function inventoryOf(start: AnyObject<"async">, excluded: readonly string[]): Promise<Inventory> {
  const entries = new Map<string, Found>([["/", { kind: "object", object: start }]]);
  const paths = new Map<number, string>([[start.info.address, "/"]]);
  const queue: [string, AnyObject<"async">][] = [["/", start]];
  for (let next = 0; next < queue.length; next++) {
    const [path, group] = queue[next];
    if (group.kind !== "group") continue;
    for (const [name, link] of await group.links()) {
      const below = path === "/" ? `/${name}` : `${path}/${name}`;
      if (excluded.some((one) => below === one || below.startsWith(`${one}/`))) continue;
      const found = await enter(group, name, link, paths);
      entries.set(below, found);
      if (found.kind !== "object") continue;
      paths.set(found.object.info.address, below);
      queue.push([below, found.object]);
    }
  }
  return { entries, paths };
}

async function enter(
  group: Group<"async">,
  name: string,
  link: Link,
  paths: ReadonlyMap<number, string>,
): Promise<Found> {
  if (link.type !== "hard") return { kind: "link", link };
  const known = link.address === undefined ? undefined : paths.get(link.address);
  if (known !== undefined) return { kind: "alias", to: known };
  const object = await outcomeOf(group.get(name));
  if (object instanceof Error) return { kind: "error", error: object };
  return object === undefined ? { kind: "link", link } : { kind: "object", object };
}
