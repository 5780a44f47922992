/** `h5ts tree`: everything below a group. */
import type { AnyObject } from "h5ts";
import { type Command, UsageError } from "../command.ts";
import { type Entry, entriesOf, isBroken, kindText, linkJson, linkText, objectJson, partOf } from "../describe.ts";
import { objectAt, withFile } from "../opened.ts";
import { placeOf } from "../place.ts";
import { json, plain } from "../terminal/json.ts";
import { type Style, styleOf } from "../terminal/style.ts";
import { fitted, safe } from "../terminal/text.ts";

interface TreeNode {
  readonly entry: Entry;
  readonly attributes: readonly [string, unknown][];
  /** Links of a group that is entered; soft links are shown, not entered, and a group is entered once. */
  readonly children: readonly TreeNode[];
}

export const tree: Command = {
  name: "tree",
  summary: "Show everything below a group, as a tree",
  usage: "FILE[:/PATH] [--depth N] [--attrs] [--json]",
  options: { depth: { type: "string" }, attrs: { type: "boolean" } },
  help: { "depth N": "levels of groups to enter", attrs: "attributes as well" },
  details: [
    "Links other than hard ones are shown, not followed; a group that is reached by two paths is entered once.",
  ],
  examples: [
    ["data.h5", "everything"],
    ["data.h5 /raw --depth 1 --attrs", "one level below a group, with attributes"],
    ["https://example.org/data.h5", "of a file behind a URL"],
  ],
  operands: [1, 2],
  async run({ operands, values, json: asJson, output, opening }) {
    const { file, path = "/" } = placeOf(operands);
    const depth = values.depth === undefined ? Number.POSITIVE_INFINITY : Number(values.depth);
    if (!(depth >= 0)) throw new UsageError(`--depth must be a number, not ${values.depth}`);
    return withFile(file, opening, async (opened) => {
      const object = await objectAt(opened, path);
      const walk = new TreeWalk(values.attrs === true);
      const entry: Entry = { name: path, link: { type: "hard", address: object.info.address }, object };
      const root = await walk.node(entry, depth);
      if (asJson) output.out(json(nodeJson(root)));
      else {
        const drawing = new Drawing(styleOf(output));
        const drawn = [drawing.head(root), ...drawing.attributes(root, ""), ...drawing.lines(root.children, "")];
        output.out(drawn.map((line) => fitted(line, output.columns ?? Number.POSITIVE_INFINITY)).join("\n"));
      }
      return walk.failed ? 1 : 0;
    });
  },
};

class TreeWalk {
  failed = false;
  private readonly entered: Set<number> = new Set();
  private readonly withAttributes: boolean;

  constructor(withAttributes: boolean) {
    this.withAttributes = withAttributes;
  }

  async node(entry: Entry, depth: number): Promise<TreeNode> {
    const { object, link } = entry;
    if (isBroken(entry)) this.failed = true;
    if (object === undefined || object instanceof Error || link.type !== "hard") {
      return { entry, attributes: [], children: [] };
    }
    const attributes = this.withAttributes ? await object.attrs.entries() : [];
    return { entry, attributes, children: await this.children(object, depth) };
  }

  private async children(object: AnyObject<"async">, depth: number): Promise<TreeNode[]> {
    if (object.kind !== "group" || depth <= 0 || this.entered.has(object.info.address)) return [];
    this.entered.add(object.info.address);
    const nodes: TreeNode[] = [];
    for (const entry of await entriesOf(object)) nodes.push(await this.node(entry, depth - 1));
    return nodes;
  }
}

/** Characters of an attribute's value that are shown. */
const SHOWN = 200;

/** A tree as lines of text. */
class Drawing {
  private readonly style: Style;

  constructor(style: Style) {
    this.style = style;
  }

  head({ entry }: TreeNode): string {
    const { name, link, object } = entry;
    const kind = this.style(object instanceof Error ? "error" : "faint", safe(kindText(object)));
    return [this.style(partOf(entry), safe(name)), this.style("link", linkText(link)), kind].filter(Boolean).join("  ");
  }

  /** Set off from the object's name, and from its children by the line that leads to them. */
  attributes({ attributes, children }: TreeNode, outer: string): string[] {
    const indent = outer + (children.length > 0 ? "\u2502   " : "    ");
    return attributes.map(([name, value]) => {
      const text = JSON.stringify(plain(value));
      const shown = safe(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
      return `${this.style("faint", indent)}@${safe(name)} = ${shown}`;
    });
  }

  *lines(nodes: readonly TreeNode[], indent: string): Generator<string> {
    for (const [i, node] of nodes.entries()) {
      const last = i === nodes.length - 1;
      const below = indent + (last ? "    " : "\u2502   ");
      yield this.style("faint", `${indent}${last ? "\u2514\u2500\u2500 " : "\u251c\u2500\u2500 "}`) + this.head(node);
      yield* this.attributes(node, below);
      yield* this.lines(node.children, below);
    }
  }
}

function nodeJson({ entry: { name, link, object }, attributes, children }: TreeNode): object {
  return {
    name,
    ...linkJson(link),
    ...objectJson(object),
    ...(attributes.length > 0 && { attrs: Object.fromEntries(attributes.map(([key, value]) => [key, plain(value)])) }),
    ...(children.length > 0 && { children: children.map(nodeJson) }),
  };
}
