/** `h5ts ls`: what a group holds. */
import type { AnyObject } from "h5ts";
import type { Command } from "../command.ts";
import { type Entry, entriesOf, isBroken, kindText, linkJson, linkText, objectJson, partOf } from "../describe.ts";
import { objectAt, withFile } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { type Style, styleOf } from "../terminal/style.ts";
import { columns, safe } from "../terminal/text.ts";

export const ls: Command = {
  name: "ls",
  summary: "List what a group holds: names, shapes, datatypes, targets of links",
  usage: "FILE [PATH] [--json]",
  examples: [
    ["data.h5", "what the root group holds"],
    ["https://example.org/data.h5 /raw", "a group of a file behind a URL"],
    ["- < data.h5", "a file from standard input"],
  ],
  operands: [1, 2],
  async run({ operands: [file, path = "/"], json: asJson, output, opening }) {
    return withFile(file, opening, async (opened) => {
      const object = await objectAt(opened, path);
      const entries = await listed(object, path);
      if (asJson)
        output.out(json(entries.map(({ name, link, object }) => ({ name, ...linkJson(link), ...objectJson(object) }))));
      else if (entries.length > 0)
        output.out(
          columns(
            entries.map((entry) => row(entry, styleOf(output))),
            output.columns,
          ),
        );
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

const row = (entry: Entry, style: Style): string[] => [
  style(partOf(entry), safe(entry.name)),
  style(entry.object instanceof Error ? "error" : "faint", safe(kindText(entry.object))),
  style("link", linkText(entry.link)),
];
