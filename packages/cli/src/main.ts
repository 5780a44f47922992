#!/usr/bin/env node
/** Runs the command line of this process. */
import { runCli } from "./cli.ts";
import type { Output } from "./command.ts";

const output: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY === true,
};

void runCli(process.argv.slice(2), output).then((code) => {
  process.exitCode = code;
});
