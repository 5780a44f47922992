/** Links and objects of files that h5py made, changed by h5ts, read and changed further by h5py. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Address } from "../../packages/core/src/bytes/address.ts";
import { runSync } from "../../packages/core/src/steps/run-sync.ts";
import { MemoryStorage } from "../../packages/core/src/storage/memory.ts";
import { EditedFile, newDataset } from "../../packages/core/test/support/new-datasets.ts";
import { faults } from "../../packages/core/test/support/sound.ts";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("edited_links.py", import.meta.url));
const ORDER = { tracked: false, indexed: false };

/** What edited_links.py looks for. */
function change(edited: EditedFile): void {
  const { editor, reader } = edited;
  const { root } = reader.info;
  const at = (path: string): Address => runSync(reader.resolve(root, path))!.address;
  const [g0, g1, g2, few] = [at("g0"), at("g1"), at("g2"), at("few")];
  const hard = (group: Address, name: string, address: Address): void =>
    runSync(editor.link(group, { type: "hard", name, charset: "ascii", address }));
  for (let i = 0; i < 200; i += 2) runSync(editor.unlink(g2, `d${i}`));
  for (let i = 0; i < 20; i++) runSync(editor.moveLink(g1, `d${i}`, i % 2 === 1 ? g1 : g2, `moved ${i}`));
  for (let i = 0; i < 6; i++)
    runSync(editor.link(few, { type: "soft", name: `s${i}`, charset: "ascii", target: "/g1" }));
  runSync(editor.unlink(few, "s0"));
  for (let i = 0; i < 50; i++) hard(g0, `new ${i}`, runSync(editor.createDataset(newDataset([i + 1]))));
  runSync(editor.link(g2, { type: "external", name: "ext", charset: "ascii", file: "o.h5", target: "/y", flags: 0 }));
  runSync(editor.unlink(root, "uses"));
  runSync(editor.unlink(g0, "chunks"));
  const made = runSync(editor.createGroup({ attributeOrder: ORDER, linkOrder: ORDER, trackTimes: true }));
  hard(root, "made", made);
  hard(made, "up", root);
}

describeWith("python", "links of files by h5py", (python) => {
  it("are changed by h5ts, and h5py goes on from there", () => {
    const folder = mkdtempSync(join(tmpdir(), "h5ts-links-"));
    const run = (task: string): void => {
      const { status, stderr } = spawnSync(python, [script, task, folder], { encoding: "utf8" });
      expect([status, stderr]).toEqual([0, ""]);
    };
    try {
      run("make");
      const files = readdirSync(folder).map((name) => join(folder, name));
      expect(files.length).toBe(5);
      for (const path of files) {
        const edited = new EditedFile(new MemoryStorage(new Uint8Array(readFileSync(path))));
        change(edited);
        const bytes = edited.commit();
        expect(faults(bytes)).toEqual([]);
        writeFileSync(path, bytes);
      }
      run("check");
      for (const path of files) expect(faults(new Uint8Array(readFileSync(path)))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
