/** Programs in processes of their own, whose time and memory are told. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../crash/bundle.ts";

/** What a program has taken. */
export interface Taken {
  /** Seconds of processor time, once it was loaded. */
  readonly seconds: number;
  /** The most memory that the process ever had, in bytes. */
  readonly peak: number;
}

/** Each function of a program writes a file at `path`, with `count` as it takes it. */
const FRAME = (functions: string): string => `
  import { open, openSync, slice } from "h5ts";
  const [, , path, name, count, given] = process.argv;
  const functions = { ${functions} };
  const start = process.cpuUsage();
  await functions[name](path, Number(count), given);
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ seconds: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 }));
`;

/** A folder with a program: `functions` as members of an object, over the names of h5ts. */
export class OwnProcess {
  readonly folder: string = mkdtempSync(join(tmpdir(), "h5ts-process-"));
  private readonly program: string = join(this.folder, "program.mjs");

  static async of(functions: string): Promise<OwnProcess> {
    const made = new OwnProcess();
    await bundleProgram(FRAME(functions), made.program);
    return made;
  }

  run(name: string, path: string, count: number, given = ""): Taken {
    const args = [this.program, path, name, String(count), given];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Taken;
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
