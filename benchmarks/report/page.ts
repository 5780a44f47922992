/** The report: one HTML page that needs nothing from outside. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Results } from "../results.ts";
import { pageData } from "./data.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

export async function writeReport(path: string, results: Results): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ["charts.ts"],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  const style = readFileSync(`${here}style.css`, "utf8");
  const data = JSON.stringify(pageData(results)).replaceAll("<", "\\u003c");
  const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
  writeFileSync(
    path,
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>h5ts: benchmarks</title>
<style>${style}</style>
<main></main>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</html>
`,
  );
}
