/** Versions of the structures of a new dataset, by the library versions that the file is for: the reference library's choice. */
import { UnsupportedError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { lowestVersion } from "../../format/datatype/version.ts";
import type { StructureVersion, VersionBounds } from "../editor-file.ts";

const ORDER: readonly StructureVersion[] = ["earliest", "v108", "v110", "v112", "v114", "v200"];

/** Whether structures may be as new as `version` from the start: the lower bound is not older. */
export const isAtLeast = ({ low }: VersionBounds, version: StructureVersion): boolean =>
  ORDER.indexOf(low) >= ORDER.indexOf(version);

/** UnsupportedError where something needs structures that the upper bound rules out. */
export function requireVersion({ high }: VersionBounds, needed: StructureVersion, what: string): void {
  if (ORDER.indexOf(high) >= ORDER.indexOf(needed)) return;
  throw new UnsupportedError(`${what} needs newer structures than the option libver allows`, {
    found: `up to ${high}`,
    allowed: `${needed} or later`,
  });
}

/** Datatype message versions by the lower bound; compounds, enumerations and arrays alone gain by a newer one. */
const DATATYPE_VERSIONS: Record<StructureVersion, number> = {
  earliest: 1,
  v108: 3,
  v110: 3,
  v112: 4,
  v114: 4,
  v200: 5,
};
const FIRST_WITH: readonly StructureVersion[] = ["earliest", "earliest", "earliest", "v108", "v112", "v200"];

/** The type with versions of its encoding that suit the file. */
export function versionedDatatype(type: Datatype, bounds: VersionBounds): Datatype {
  const known = versioned.get(type)?.find(({ low }) => low === bounds.low)?.type;
  const made = known ?? withVersions(type, DATATYPE_VERSIONS[bounds.low]);
  if (known === undefined) versioned.set(type, [...(versioned.get(type) ?? []), { low: bounds.low, type: made }]);
  const needed = FIRST_WITH[made.version ?? 1];
  requireVersion(bounds, needed, `a datatype of class ${type.class}`);
  return made;
}

/** What was worked out for types: the same type serves many datasets and attributes. */
const versioned = new WeakMap<Datatype, readonly { readonly low: StructureVersion; readonly type: Datatype }[]>();

function withVersions(type: Datatype, least: number): Datatype {
  switch (type.class) {
    case "compound": {
      const members = type.members.map((member) => ({ ...member, type: withVersions(member.type, least) }));
      return atLeast({ ...type, members }, least);
    }
    case "array":
    case "enum":
      return atLeast({ ...type, base: withVersions(type.base, least) }, least);
    case "vlen":
      return atLeast({ ...type, base: withVersions(type.base, least) }, 1);
    default:
      return atLeast(type, 1);
  }
}

/** A type needs at least the version of its parts. */
function atLeast<T extends Datatype>(type: T, least: number): T {
  return { ...type, version: Math.max(type.version ?? 1, lowestVersion({ ...type, version: undefined }), least) };
}

export const headerVersion = (bounds: VersionBounds, attributeOrderTracked: boolean): 1 | 2 =>
  attributeOrderTracked || isAtLeast(bounds, "v108") ? 2 : 1;

export const dataspaceVersion = (bounds: VersionBounds, kind: string): 1 | 2 =>
  kind === "null" || isAtLeast(bounds, "v108") ? 2 : 1;

export const fillVersion = (bounds: VersionBounds): 2 | 3 => (isAtLeast(bounds, "v108") ? 3 : 2);

export const pipelineVersion = (bounds: VersionBounds): 1 | 2 => (isAtLeast(bounds, "v108") ? 2 : 1);

/**
 * Of the data layout message, as the reference library has it since 2.0: no newer than serves. 3 has chunks by version 1
 * B-trees alone; 5 has room for filtered chunks of any size.
 */
export function layoutVersion(bounds: VersionBounds, layoutClass: string, filtered: boolean): 3 | 4 | 5 {
  if (layoutClass === "virtual") return 4;
  if (layoutClass !== "chunked" || !isAtLeast(bounds, "v110")) return 3;
  return filtered && isAtLeast(bounds, "v200") ? 5 : 4;
}
