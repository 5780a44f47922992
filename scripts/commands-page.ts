/**
 * `tsx scripts/commands-page.ts [--write]`: whether `docs/commands.md` says what the command's help says; with `--write`, makes it so.
 * Part of `npm run docs`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../packages/cli/src/commands.ts";
import { manualMarkdown } from "../packages/cli/src/manual.ts";

const page = fileURLToPath(new URL("../docs/commands.md", import.meta.url));

export const isCurrent = (): boolean => readFileSync(page, "utf8") === manualMarkdown(COMMANDS);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) writeFileSync(page, manualMarkdown(COMMANDS));
  else if (!isCurrent()) {
    console.error("docs/commands.md is not what the help says: npx tsx scripts/commands-page.ts --write");
    process.exitCode = 1;
  }
}
