/**
 * `npx tsx packages/filters/scripts/build-kernels.ts`: compiles assembly/*.ts to WebAssembly and writes each as base64 to
 * src/kernels/wasm/*.ts. A test compiles them again and compares.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const assembly = fileURLToPath(new URL("../assembly/", import.meta.url));
const modules = fileURLToPath(new URL("../src/kernels/wasm/", import.meta.url));

const OPTIONS = ["--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert", "--runtime", "stub"];
const FEATURES = ["--enable", "simd", "--enable", "bulk-memory"];

/** Pages of memory that a kernel starts with, where its tables need more than four. */
const PAGES: Readonly<Record<string, number>> = { "zstd-encode": 34 };

/** Names of the kernels. */
export const kernels: readonly string[] = readdirSync(assembly)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => basename(file, ".ts"));

/** The source of a module that holds a kernel. */
export async function buildKernel(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-kernel-"));
  try {
    const output = join(folder, "kernel.wasm");
    const { error, stderr } = await compile([
      join(assembly, `${name}.ts`),
      ...OPTIONS,
      ...FEATURES,
      "--initialMemory",
      String(PAGES[name] ?? 4),
      "--outFile",
      output,
    ]);
    if (error) throw new Error(`${name}: ${error.message}\n${stderr.toString()}`);
    const base64 = readFileSync(output).toString("base64");
    const constant = name.toUpperCase().replaceAll("-", "_");
    return `/** The kernel assembly/${name}.ts as WebAssembly; written by scripts/build-kernels.ts. */\nexport const ${constant} =\n  "${base64}";\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The file that a kernel is written to. */
export function kernelFile(name: string): string {
  return join(modules, `${name}.ts`);
}

async function main(): Promise<void> {
  for (const name of kernels) {
    const source = await buildKernel(name);
    writeFileSync(kernelFile(name), source);
    console.log(name, source.length, "characters");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
