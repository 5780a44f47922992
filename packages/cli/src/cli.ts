/** The command `h5ts`: finds the command by its name, reads the command line, runs it. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { OpenOptions } from "h5ts";
import { type Command, type CommandContext, type ExitCode, type Output, UsageError } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { errorLine, isNear } from "./errors.ts";
import { DRIVERS, helpOf, LINKS, overview } from "./help.ts";

/** Options of every command. */
const COMMON = {
  json: { type: "boolean" },
  links: { type: "string" },
  driver: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

/** Of all packages. */
export const VERSION: string = "0.1.0";

/** Runs a command line; never throws. */
export async function runCli(argv: readonly string[], output: Output): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === "--version") {
    output.out(VERSION);
    return 0;
  }
  if (name === "help" && rest.length > 0) return runCli([...rest.slice(0, 1), "--help"], output);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? output.err : output.out).call(output, overview(COMMANDS, output.columns));
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
    output.out(helpOf(command, output.columns));
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

/** For the dash of `-:/PATH`, an object in standard input, which would be taken for an option. */
const STDIN = "\0";

function parsed(command: Command, rest: readonly string[]): ParsedLine {
  try {
    const { values, positionals } = parseArgs({
      args: rest.map((word) => word.replace(/^-(?=:\/)/, STDIN)),
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
    }) as ParsedLine;
    return { values, positionals: positionals.map((word) => (word.startsWith(STDIN) ? `-${word.slice(1)}` : word)) };
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
