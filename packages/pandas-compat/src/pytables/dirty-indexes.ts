/** Indexes of a table's columns that its new rows make wrong. */
import { Group } from "h5ts";
import { NodeAttributes } from "./attributes.ts";
import type { AnyGroup } from "./create.ts";
import { writeAttributes } from "./write-attributes.ts";

/** The group that holds the indexes of a table. */
export const indexGroupName = (table: string): string => `_i_${table}`;

/**
 * Marks the indexes of a table as dirty: PyTables does without them then, and makes them anew when it changes the table. An index that is
 * left as it is hides the new rows from conditions.
 */
export async function markIndexesDirty(group: AnyGroup, table = "table"): Promise<void> {
  const container = await group.get(indexGroupName(table));
  if (container instanceof Group) await markWithin(container);
}

async function markWithin(group: AnyGroup): Promise<void> {
  for (const object of await group.values()) {
    if (!(object instanceof Group)) continue;
    // Nested columns have groups of their own.
    if ((await NodeAttributes.of(object)).systemText("CLASS") === "INDEX")
      await writeAttributes(object, { DIRTY: { as: "int32", value: 1 } });
    else await markWithin(object);
  }
}
