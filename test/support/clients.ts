/**
 * Programs other than Node that some tests need. Where one is absent its tests are skipped by name, except in the
 * required run (CI=true), where they fail.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What to look for (a variable that names the program, then the places where it usually is), and how it is had. */
const CLIENTS = {
  python: {
    variable: "H5TS_PYTHON",
    places: [join(root, ".venv/bin/python")],
    hint: "Python with h5py (npm run setup:interop)",
  },
  pandas1: {
    variable: "H5TS_PANDAS1",
    places: [join(root, ".venv-pandas1/bin/python")],
    hint: "Python with pandas 1.5 (npm run setup:interop)",
  },
  pythonWeights: {
    variable: "H5TS_PYTHON_WEIGHTS",
    places: [join(root, ".venv-weights/bin/python")],
    hint: "Python with Keras and torch (npm run setup:interop -- --weights)",
  },
  h5dump: { variable: "H5TS_H5DUMP", places: ["h5dump"], hint: "h5dump (Debian's hdf5-tools)" },
  h5repack: { variable: "H5TS_H5REPACK", places: ["h5repack"], hint: "h5repack (Debian's hdf5-tools)" },
  chromium: { variable: "H5TS_CHROMIUM", places: ["chromium", "chromium-browser", "google-chrome"], hint: "Chromium" },
} as const;

export type ClientName = keyof typeof CLIENTS;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const candidates = (place: string): string[] =>
  place.includes("/") ? [place] : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, place));

/** Path of the program; `undefined` where it is absent. */
export function client(name: ClientName): string | undefined {
  const { variable, places } = CLIENTS[name];
  const named = process.env[variable];
  return [...(named === undefined ? [] : [named]), ...places].flatMap(candidates).find(isProgram);
}

/** A group of tests that needs a program, and gets its path. */
export function describeWith(name: ClientName, title: string, body: (path: string) => void): void {
  const path = client(name);
  const { hint, variable } = CLIENTS[name];
  if (path !== undefined) describe(title, () => body(path));
  else if (process.env.CI === "true") it(`${title}: has ${hint}`, () => expect.fail(`${name} is absent`));
  else it.skip(`${title}: needs ${hint}, or ${variable}`, () => {});
}
