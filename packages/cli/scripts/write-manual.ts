/** The last step of the build: writes the manual pages to `dist/man`, where `npm install -g` finds them for `man h5ts`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VERSION } from "../src/cli.ts";
import { COMMANDS } from "../src/commands.ts";
import { manualPages } from "../src/manual.ts";

const folder = fileURLToPath(new URL("../dist/man/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, page] of Object.entries(manualPages(COMMANDS, VERSION))) writeFileSync(`${folder}${name}`, page);
