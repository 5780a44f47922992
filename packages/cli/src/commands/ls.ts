/** `h5ts ls`: what a group holds. */
import type { AnyObject } from "h5ts";
import type { Command } from "../command.ts";
import { type Entry, entriesOf, isBroken, kindText, linkJson, linkText, objectJson, partOf } from "../describe.ts";
import { objectAt, withFile } from "../opened.ts";
import { placeOf } from "../place.ts";
import { json } from "../terminal/json.ts";
import { type Style, styleOf } from "../terminal/style.ts";
import { columns, safe } from "../terminal/text.ts";

export const ls: Command = {
  name: "ls",
  summary: "List what a group holds: names, shapes, datatypes, targets of links",
  usage: "FILE[:/PATH] [--json]",
  details: [
    "A line a link: its name; the kind of the object, of datasets the shape and the datatype; of soft and external links where they lead. A dataset is listed by itself. Exit code 1 where an object cannot be read.",
  ],
  examples: [
    ["data.h5", "what the root group holds"],
    ["https://example.org/data.h5 /raw", "a group of a file behind a URL"],
    ["- < data.h5", "a file from standard input"],
  ],
  operands: [1, 2],
  async run({ operands, json: asJson, output, opening }) {
    const { file, path = "/" } = placeOf(operands);
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

/** Where a link leads stands right behind what is there: a column of its own would be far off, where a datatype is long. */
const row = (entry: Entry, style: Style): string[] => {
  const kind = style(entry.object instanceof Error ? "error" : "faint", safe(kindText(entry.object)));
  return [
    style(partOf(entry), safe(entry.name)),
    [kind, style("link", linkText(entry.link))].filter(Boolean).join("  "),
  ];
};
