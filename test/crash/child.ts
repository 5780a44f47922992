/**
 * `child.ts PROGRAM PATH MODE LIBVER DURABILITY`: runs a program on a file, made anew in mode `"w"`, gone on with in mode `"r+"`, without
 * end. Says the number of each state once its commit is done. `MODE` ends in `!` for sync mode.
 */
import { writeSync } from "node:fs";
import type { Durability } from "@h5ts/core";
import { type H5File, type LibraryVersion, open, openSync } from "h5ts";
import { PROGRAMS } from "./programs.ts";

const [, , name = "", path = "", mode = "", libver = "", durability = ""] = process.argv;

async function main(): Promise<void> {
  const program = PROGRAMS[name];
  if (program === undefined) throw new RangeError(`no program ${name}`);
  const options = { libver: libver as LibraryVersion, durability: durability as Durability };
  const kind = mode.startsWith("w") ? "w" : "r+";
  // Values in place of promises do as well for who awaits them.
  const file = mode.endsWith("!")
    ? (openSync(path, kind, options) as unknown as H5File<"async">)
    : await open(path, kind, options);
  let state = 0;
  if (kind === "w") {
    await program.begin(file);
    await file.flush();
  } else state = Number(await file.attrs.get("state"));
  say(state);
  for (;;) {
    await program.step(file, ++state);
    await file.flush();
    say(state);
  }
}

/** In the pipe when it returns: whoever kills this process has it. */
const say = (state: number): void => void writeSync(1, `${state}\n`);

await main();
