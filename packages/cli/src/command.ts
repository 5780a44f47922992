/** What a command is: one file in `commands/` each, and a line in the table of `cli.ts`. */
import type { ParseArgsConfig } from "node:util";
import type { OpenOptions } from "h5ts";

/** Where a command writes: the process's own streams, or a test's. */
export interface Output {
  /** Takes results, a line or more, without the end of the last line. */
  out(text: string): void;
  /** Takes messages of errors and notes, a line each, without the end of the line. */
  err(text: string): void;
  /** Whether a person reads the messages as they come: progress is shown then. */
  readonly isTerminal: boolean;
  /** Whether results may have colours. Default false. */
  readonly colors?: boolean;
  /** Places of a line of the terminal that results go to. Default: as many as it takes. */
  readonly columns?: number;
}

/** Nothing failed; a file was bad, or differs; the command was used wrongly. */
export type ExitCode = 0 | 1 | 2;

export interface CommandContext {
  readonly output: Output;
  /** What stands on the command line beside options. */
  readonly operands: readonly string[];
  /** Options by their long names; those that may be given again are lists. */
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** `--json` was given. */
  readonly json: boolean;
  /** How files are opened, by the options that all commands have. */
  readonly opening: OpenOptions;
}

export interface Command {
  readonly name: string;
  /** In one line. */
  readonly summary: string;
  /** Operands and options beside those that all commands have: `"FILE [PATH]"`. */
  readonly usage: string;
  readonly options?: ParseArgsConfig["options"];
  /** What each option does, a line each; behind an option's name stands what it takes: `"depth N"`. */
  readonly help?: Readonly<Record<string, string>>;
  /** What the manual says besides: a paragraph each. */
  readonly details?: readonly string[];
  /** What the first operand may be, where it is no file: `weights ls`. */
  readonly actions?: readonly string[];
  /** What options take, where that is one of few words: for shells that complete command lines. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Command lines to begin from, without `h5ts` and the command's name, and what each is for. */
  readonly examples?: readonly (readonly [line: string, purpose: string])[];
  /** Operands at least, and at most. */
  readonly operands: readonly [least: number, most: number];
  run(context: CommandContext): Promise<ExitCode>;
}

/** The command line is wrong: said in one line, with how to use the command. */
export class UsageError extends Error {
  override readonly name = "UsageError" as const;
}
