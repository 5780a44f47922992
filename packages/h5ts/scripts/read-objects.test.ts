import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readObjects } from "./read-objects.ts";

it("drops what only a writer does", () => {
  const read = readObjects(`
    export class Group {
      /** Kept. */
      make(path: string, options?: Options): Made {
        return this.change((writer) => writer.make(this.node, path, options), path, options) as Made;
      }
      get mode(): string {
        return this.session.writer === undefined ? "r" : "r+";
      }
      node(): Node {
        return this.session.writer?.node(this) ?? {};
      }
      *steps() {
        const { writer } = this;
        if (writer !== undefined) yield* writer.finish();
      }
      constructor(writer: Writer) {
        this.writer = writer;
      }
    }
  `);
  expect(read).toContain("make() {\n    return this.change();\n  }");
  expect(read).toContain('return "r";');
  expect(read).not.toMatch(/writer\.|writer\?|r\+/);
});

it("keeps every method of the object model, refusing", () => {
  const path = new URL("../../core/src/object/group.ts", import.meta.url);
  const source = readFileSync(path, "utf8");
  const read = readObjects(source);
  const changes = [...source.matchAll(/\(writer\) => writer\.(\w+)/g)].length;
  expect(changes).toBeGreaterThan(10);
  expect(read).not.toMatch(/writer\.\w+\(|=> writer/);
  expect([...read.matchAll(/return this\.change\(\);/g)].length).toBe(changes);
});
