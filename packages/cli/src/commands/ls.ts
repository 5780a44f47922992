/** `h5ts ls`: what a group holds. */
import type { AnyObject } from "h5ts";
import type { Command } from "../command.ts";
import { type Entry, entriesOf, isBroken, kindText, linkJson, linkText, objectJson } from "../describe.ts";
import { objectAt, withFile } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { columns, safe } from "../terminal/text.ts";

export const ls: Command = {
  name: "ls",
  summary: "List what a group holds: names, shapes, datatypes, targets of links",
  usage: "FILE [PATH] [--json]",
  operands: [1, 2],
  async run({ operands: [file, path = "/"], json: asJson, output, opening }) {
    return withFile(file, opening, async (opened) => {
      const object = await objectAt(opened, path);
      const entries = await listed(object, path);
      if (asJson)
        output.out(json(entries.map(({ name, link, object }) => ({ name, ...linkJson(link), ...objectJson(object) }))));
      else if (entries.length > 0) output.out(columns(entries.map(row)));
      return entries.some(isBroken) ? 1 : 0;
    });
  },
};

/** What a group holds; anything else itself. */
async function listed(object: AnyObject<"async">, path: string): Promise<Entry[]> {
  if (object.kind === "group") return entriesOf(object);
  const parent = object.parent;
  const name = path.split("/").filter(Boolean).at(-1) ?? "/";
  const link = await parent.getLink(name);
  return link === undefined ? [] : [{ name, link, object }];
}

const row = ({ name, link, object }: Entry): string[] => [safe(name), safe(kindText(object)), linkText(link)];
