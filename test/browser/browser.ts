/**
 * A page in headless Chromium that runs a bundle of ours: esbuild bundles a program from the packages' dist, a loopback
 * server hands it out, playwright drives the page.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { type RangeServer, type Served, startRangeServer } from "../../packages/core/test/support/range-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Nothing but the page: no sandbox (tests run as root in containers), no traffic of the browser's own. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Bundles a program for browsers, without splitting, as one module. Imports of our packages lead to their dist. */
async function bundle(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  const first = outputFiles[0];
  if (first === undefined) throw new Error("esbuild gave no output");
  return first.contents;
}

const HTML = `<!doctype html><title>h5ts</title><input type="file"><script type="module" src="program.js"></script>`;

export interface BrowserPage {
  readonly page: Page;
  /** Serves the page, the program and the files; its log tells what was asked for. */
  readonly server: RangeServer;
  close(): Promise<void>;
}

/**
 * Opens a page that has run `program`, a module that may put functions on `globalThis` for `page.evaluate` to call.
 * Errors of the page, and of its loading, reject.
 */
export async function openPage(
  executablePath: string,
  program: string,
  files: Record<string, Served> = {},
): Promise<BrowserPage> {
  const content = new TextEncoder();
  const served = { "index.html": content.encode(HTML), "program.js": await bundle(program), ...files };
  const server = await startRangeServer(served);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.close();
  };
  try {
    browser = await chromium.launch({ executablePath, args: FLAGS });
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(server.url("index.html"), { waitUntil: "load" });
    if (errors.length > 0) throw new AggregateError(errors, `the page failed: ${errors.join("; ")}`);
    return { page, server, close };
  } catch (error) {
    await close();
    throw error;
  }
}
