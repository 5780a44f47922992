/** `h5ts digest`: everything in a file as JSON, values as checksums: what other readers can be compared with. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { OpenOptions } from "h5ts";
import type { Command } from "../command.ts";
import { digestFile, hasErrors, unreadable } from "../digest/digest-file.ts";
import type { FileDigest } from "../digest/schema.ts";
import { sourceOf, withFile } from "../opened.ts";
import { progressOn } from "../terminal/progress.ts";

export const digest: Command = {
  name: "digest",
  summary: "Write everything in files as JSON, values as checksums",
  usage: "[--out DIR] FILE...",
  options: { out: { type: "string" } },
  help: { "out DIR": "write DIR/FILE.json for each FILE, its relative path kept; without, lines of JSON are printed" },
  details: [
    "What one reader of HDF5 says of a file, to be compared with what another says: checksums of values do not depend on chunks and filters.",
  ],
  examples: [
    ["a.h5 b.h5", "checksums of all values"],
    ["--out digests *.h5", "a file of JSON each"],
  ],
  operands: [1, Number.POSITIVE_INFINITY],
  async run({ operands, values, output, opening }) {
    const progress = progressOn(output);
    let failed = false;
    for (const [i, file] of operands.entries()) {
      progress.show(i, operands.length, file);
      const result = await digestOf(file, opening);
      failed ||= hasErrors(result);
      if (typeof values.out === "string") await write(join(values.out, below(file)), result);
      else output.out(JSON.stringify(result));
      if (result.error === undefined) continue;
      progress.clear();
      output.err(`h5ts: ${file}: ${result.error.message}`);
    }
    progress.clear();
    return failed ? 1 : 0;
  },
};

/** The digest of one file; of one that cannot be opened, why. */
async function digestOf(file: string, opening: OpenOptions): Promise<FileDigest> {
  try {
    const source = await sourceOf(file);
    const result = await withFile(source, opening, (opened) => digestFile(file, opened));
    return { ...result, ...(await checksum(source)) };
  } catch (error) {
    return unreadable(file, error);
  }
}

/** Length and checksum of the file as a whole: of paths and bytes in hand alone, a URL is not fetched for it. */
async function checksum(file: string | Uint8Array): Promise<{ bytes: number; filesha256: string } | undefined> {
  if (typeof file !== "string")
    return { bytes: file.length, filesha256: createHash("sha256").update(file).digest("hex") };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) return undefined;
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const part of createReadStream(file)) {
    hash.update(part as Buffer);
    bytes += (part as Buffer).length;
  }
  return { bytes, filesha256: hash.digest("hex") };
}

/** A path below a folder: that of the file without its root and steps upward, of a URL without its scheme. */
function below(file: string): string {
  const path = normalize(file.replace(/^[a-z][a-z0-9+.-]+:\/\//i, ""));
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== "..");
  return `${parts.join("/")}.json`;
}

async function write(path: string, result: FileDigest): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(result)}\n`);
}
