/**
 * `tsx scripts/fences.ts [ROOT]`: holds the code against the fences of fences.config.ts. Prints each offence as
 * `file:line rule: message`; exit code 1 if there is one.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCycles } from "./fences/cycles.ts";
import { checkImports, readImports } from "./fences/imports.ts";
import { checkPlatform } from "./fences/platform.ts";
import { checkSize } from "./fences/size.ts";
import { checkSteps } from "./fences/steps.ts";
import { type Finding, readWorkspace } from "./fences/workspace.ts";
import { config as defaultConfig, type FencesConfig } from "./fences.config.ts";

/** All offences below `root`, in the order of files and lines. */
export function checkFences(root: string, config: FencesConfig = defaultConfig): Finding[] {
  const workspace = readWorkspace(root);
  const imports = readImports(workspace);
  const findings = [
    ...checkImports(workspace, imports, config),
    ...checkCycles(imports, config),
    ...checkPlatform(workspace, imports, config),
    ...checkSteps(workspace, imports, config),
    ...checkSize(workspace, config),
  ];
  return findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

function main(): void {
  const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
  const findings = checkFences(root);
  for (const { file, line, rule, message } of findings) console.error(`${file}:${line} ${rule}: ${message}`);
  console.log(findings.length === 0 ? "fences: all kept" : `fences: ${findings.length} broken`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
