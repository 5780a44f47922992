/** A page in headless Chromium with a program of ours and some files beside it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const HTML = `<!doctype html><title>bench</title><script type="module" src="program.js"></script>`;

async function bundle(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: `${root}/benchmarks`, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0].contents;
}

/** Hands the page that has run `program` to `use`; its files are found by their names. */
export async function withPage<R>(
  executablePath: string,
  program: string,
  files: Readonly<Record<string, Uint8Array>>,
  use: (page: Page) => Promise<R>,
): Promise<R> {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  const served: Record<string, Uint8Array> = {
    "index.html": new TextEncoder().encode(HTML),
    "program.js": await bundle(program),
    ...files,
  };
  const server = createServer(({ url = "" }, response) => {
    const name = url.slice(1);
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    response.writeHead(name in served ? 200 : 404, { "content-type": type }).end(served[name]);
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`, { waitUntil: "load" });
    return await use(page);
  } finally {
    await browser.close();
    server.close();
  }
}
