/** The command `h5ts`: finds the command by its name, reads the command line, runs it. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { OpenOptions } from "h5ts";
import { type Command, type CommandContext, type ExitCode, type Output, UsageError } from "./command.ts";
import { advise } from "./commands/advise.ts";
import { bench } from "./commands/bench.ts";
import { check } from "./commands/check.ts";
import { completion } from "./commands/completion.ts";
import { convert } from "./commands/convert.ts";
import { copy } from "./commands/copy.ts";
import { diff } from "./commands/diff.ts";
import { digest } from "./commands/digest.ts";
import { dump } from "./commands/dump.ts";
import { info } from "./commands/info.ts";
import { ls } from "./commands/ls.ts";
import { pandas } from "./commands/pandas.ts";
import { preview } from "./commands/preview.ts";
import { recover } from "./commands/recover.ts";
import { repack } from "./commands/repack.ts";
import { stat } from "./commands/stat.ts";
import { tree } from "./commands/tree.ts";
import { virtual } from "./commands/virtual.ts";
import { weights } from "./commands/weights.ts";
import { errorLine, isNear } from "./errors.ts";
import { columns } from "./terminal/text.ts";

const COMMANDS: readonly Command[] = [
  ls,
  tree,
  info,
  dump,
  preview,
  stat,
  digest,
  check,
  diff,
  copy,
  repack,
  recover,
  virtual,
  bench,
  advise,
  weights,
  pandas,
  convert,
  completion(() => COMMANDS),
];

/** Options of every command. */
const COMMON = {
  json: { type: "boolean" },
  links: { type: "string" },
  driver: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const COMMON_HELP = {
  json: "the result as JSON",
  links: "other files that this one may lead to: none, local (default), any",
  driver: "FILE is the first of several: family, split or multi",
};

const LINKS = ["none", "local", "any"];
const DRIVERS = ["family", "split", "multi"];

/** Of all packages. */
const VERSION = "0.1.0";

/** Runs a command line; never throws. */
export async function runCli(argv: readonly string[], output: Output): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === "--version") {
    output.out(VERSION);
    return 0;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? output.err : output.out).call(output, overview());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    const near = COMMANDS.find((one) => isNear(name, one.name))?.name;
    output.err(`h5ts: no such command: ${name} (hint: ${near === undefined ? "h5ts --help lists them" : `${near}?`})`);
    return 2;
  }
  return runCommand(command, rest, output);
}

async function runCommand(command: Command, rest: readonly string[], output: Output): Promise<ExitCode> {
  try {
    const context = contextOf(command, rest, output);
    if (context !== undefined) return await command.run(context);
    output.out(helpOf(command));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      output.err(`h5ts: ${error.message} (hint: h5ts ${command.name} --help)`);
      return 2;
    }
    output.err(errorLine(error, rest.find((argument) => !argument.startsWith("-")) ?? command.name));
    return 1;
  }
}

/** The command line in parts; nothing where help is wanted. */
function contextOf(command: Command, rest: readonly string[], output: Output): CommandContext | undefined {
  const { values, positionals } = parsed(command, rest);
  if (values.help === true) return undefined;
  const [least, most] = command.operands;
  if (positionals.length < least) throw new UsageError(`${command.name}: too few operands: ${command.usage}`);
  if (positionals.length > most) throw new UsageError(`${command.name}: too many operands: ${command.usage}`);
  const opening = { links: oneOf(values.links, LINKS, "links"), driver: oneOf(values.driver, DRIVERS, "driver") };
  return {
    output,
    operands: positionals,
    values,
    json: values.json === true,
    opening: opening as OpenOptions,
  };
}

function parsed(command: Command, rest: readonly string[]): ParsedLine {
  try {
    return parseArgs({
      args: [...rest],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
    }) as ParsedLine;
  } catch (error) {
    throw new UsageError(`${command.name}: ${(error as Error).message.split(". ")[0]}`);
  }
}

interface ParsedLine {
  readonly values: Record<string, string | boolean | readonly string[] | undefined>;
  readonly positionals: string[];
}

function oneOf(value: ParsedLine["values"][string], allowed: readonly string[], option: string): string | undefined {
  if (value === undefined || allowed.includes(value as string)) return value as string | undefined;
  throw new UsageError(`--${option} must be one of ${allowed.join(", ")}`);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "usage: h5ts COMMAND [OPTION...] FILE...",
    "",
    ...lines,
    "",
    "FILE is a path, a URL, or - for standard input. h5ts COMMAND --help says more, with examples.",
  ].join("\n");
}

function helpOf(command: Command): string {
  const help = { ...command.help, ...COMMON_HELP };
  const width = Math.max(...Object.keys(help).map((name) => name.length));
  const options = Object.entries(help).map(([name, text]) => `  --${name.padEnd(width)}  ${text}`);
  const examples = (command.examples ?? []).map(([line, purpose]) => [`  h5ts ${command.name} ${line}`, purpose]);
  const shown = examples.length > 0 ? ["", "Examples:", columns(examples)] : [];
  return [`usage: h5ts ${command.name} ${command.usage}`, "", `${command.summary}.`, "", ...options, ...shown].join(
    "\n",
  );
}
