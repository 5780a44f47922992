/**
 * Reads damaged inputs, one after the other, and says for each when it begins and how it ended: a line of JSON each. Runs in
 * a process of its own, which the one that started it ends when an input takes too long.
 *
 * usage: child.ts malformed|mutants|idle FROM TO [FOLDER]    with FOLDER, mutants and their digests are kept there
 */
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { digestFile, type FileDigest, unreadable } from "@h5ts/cli";
import { type H5File, type Mode, openSync } from "h5ts";
import { type Input, Mutants, malformedFiles } from "./inputs.ts";
import type { Line } from "./lines.ts";

const [kind, from, to, folder] = process.argv.slice(2);

const say = (line: Line): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Everything that can be read of it. Errors of h5ts are in the digest; others are thrown. */
async function digestOf({ bytes, title }: Input): Promise<FileDigest> {
  let file: H5File<Mode>;
  try {
    file = openSync(bytes);
  } catch (error) {
    return unreadable(title, error);
  }
  const digest = await digestFile(title, file);
  file.close();
  return digest;
}

/** Names of errors in a digest that are none of h5ts. */
function foreignErrors(digest: FileDigest): string[] {
  const found: string[] = [];
  JSON.stringify(digest, (key, value) => {
    if (key === "error" && value && !String(value.code).startsWith("ERR_H5_"))
      found.push(`${value.name}: ${value.message}`);
    return value;
  });
  return found;
}

async function readOne(i: number, input: Input): Promise<void> {
  say({ begin: i, title: input.title });
  const start = performance.now();
  const before = process.cpuUsage();
  const line: Line = { end: i, ms: 0, readable: false, errors: [] };
  try {
    const digest = await digestOf(input);
    line.readable = digest.readable;
    line.errors = foreignErrors(digest);
    if (folder !== undefined) keep(i, input, digest);
  } catch (error) {
    line.errors = [String((error as Error)?.stack ?? error)];
  }
  line.ms = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  line.cpu = Math.round((user + system) / 1000);
  say(line);
}

function keep(i: number, input: Input, digest: FileDigest): void {
  writeFileSync(join(folder, `${i}.h5`), input.bytes);
  writeFileSync(join(folder, `${i}.json`), JSON.stringify(digest));
}

async function main(): Promise<void> {
  const mutants = kind === "mutants" ? new Mutants() : undefined;
  const files = kind === "malformed" ? malformedFiles() : [];
  for (let i = Number(from); i < Number(to); i++) {
    const input = mutants?.of(i) ?? { title: files[i], bytes: readFileSync(files[i]) };
    await readOne(i, input);
  }
  say({ peak: process.resourceUsage().maxRSS * 1024 });
}

void main();
