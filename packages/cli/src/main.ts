#!/usr/bin/env node
/** Runs the command line of this process. */
import { runCli } from "./cli.ts";
import type { Output } from "./command.ts";
import { styleOf, wantsColors } from "./terminal/style.ts";

const errorStyle = styleOf({ colors: wantsColors(process.stderr, process.env) });

const output: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text.replace(/^h5ts:/, (name) => errorStyle("error", name))}\n`),
  isTerminal: process.stderr.isTTY === true,
  colors: wantsColors(process.stdout, process.env),
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
};

// Whoever read the output has seen enough: `h5ts ls FILE | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

void runCli(process.argv.slice(2), output).then((code) => {
  process.exitCode = code;
});
