/** The list of h5py's names that docs/h5py.md is held against is what h5py has. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describeWith("python", "h5py's names", (python) => {
  it("are those of docs/h5py-names.json", () => {
    const listed = JSON.parse(readFileSync(file("../../docs/h5py-names.json"), "utf8"));
    expect(JSON.parse(execFileSync(python, [file("./h5py_names.py")], { encoding: "utf8" }))).toEqual(listed);
  });
});
