/** Groups and links as they should be after edits: nodes that count who links to them. */
import type { Address } from "../../src/bytes/address.ts";

export interface Node {
  readonly kind: "group" | "dataset" | "datatype";
  readonly address: Address;
  /** Tells datasets from one another: the length of their only dimension. */
  readonly id: number;
  /** Links of a group, in the order of their creation. */
  readonly links: Map<string, Target>;
  count: number;
}

export type Target = Node | { readonly kind: "soft" | "external"; readonly target: string } | { readonly kind: "user" };

export const isNode = (target: Target): target is Node => "links" in target;

/** A link, by its place. */
export interface Link {
  readonly group: Node;
  readonly name: string;
}

export class LinkModel {
  readonly top: Node;
  private counter = 0;

  constructor(top: Address) {
    this.top = this.node("group", top);
    this.top.count = 1;
  }

  node(kind: Node["kind"], address: Address): Node {
    return { kind, address, id: ++this.counter, links: new Map(), count: 0 };
  }

  link(group: Node, name: string, target: Target): void {
    group.links.set(name, target);
    if (isNode(target)) target.count++;
  }

  /** Removes a link; the nodes that are gone with it. */
  unlink(group: Node, name: string): Node[] {
    const lost = [this.take(group, name)].filter((target) => isNode(target) && --target.count === 0) as Node[];
    for (const node of lost) {
      for (const target of node.links.values()) if (isNode(target) && --target.count === 0) lost.push(target);
    }
    return lost;
  }

  move(from: Node, name: string, to: Node, newName: string): void {
    to.links.set(newName, this.take(from, name));
  }

  private take(group: Node, name: string): Target {
    const target = group.links.get(name);
    if (target === undefined) throw new Error(`no link ${name}`);
    group.links.delete(name);
    return target;
  }

  /** All nodes that can be reached, with a path to each; without one of the links, if that is asked for. */
  reachable(without?: Link): Map<Node, string> {
    const paths = new Map([[this.top, "/top"]]);
    for (const [node, path] of paths) {
      for (const [name, target] of node.links) {
        if (without !== undefined && without.group === node && without.name === name) continue;
        if (isNode(target) && !paths.has(target)) paths.set(target, `${path}/${name}`);
      }
    }
    return paths;
  }

  /** Whether nodes would link to one another that nothing links to: no count reaches 0 then, and they stay for ever. */
  strays(without: Link): boolean {
    const before = this.reachable();
    const counts = new Map([...before.keys()].map((node) => [node, node.count]));
    const lose = (one: Target): boolean => isNode(one) && counts.set(one, counts.get(one)! - 1).get(one) === 0;
    const lost = [without.group.links.get(without.name)!].filter(lose) as Node[];
    for (const node of lost) for (const one of node.links.values()) if (lose(one)) lost.push(one as Node);
    return this.reachable(without).size + lost.length !== before.size;
  }
}
