/** What `h5ts --help` and `h5ts COMMAND --help` print; the manual pages say the same at more length. */
import type { Command } from "./command.ts";
import { columns, wrapped } from "./terminal/text.ts";

export const LINKS: readonly string[] = ["none", "local", "any"];
export const DRIVERS: readonly string[] = ["family", "split", "multi"];

/** Options of all commands, as {@link Command.help} has those of one. */
export const COMMON_HELP: Readonly<Record<string, string>> = {
  json: "the result as JSON",
  "links none|local|any":
    "other files that this one may lead to: none, those below its folder (local, the default), any",
  "driver family|split|multi": "FILE is the first of several that make up one",
  help: "this help",
};

/** Commands by what one wants to do; each is in one of them. */
const TOPICS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["Look into files", ["ls", "tree", "info", "dump", "preview", "stat"]],
  ["Compare and check them", ["diff", "digest", "check", "recover"]],
  ["Make others of them", ["copy", "repack", "virtual"]],
  ["Choose layouts", ["bench", "advise"]],
  ["Tables, pandas, models", ["convert", "pandas", "weights"]],
  ["Shells", ["completion"]],
];

/** Commands by topics; those that none names come last. */
export function byTopic(commands: readonly Command[]): (readonly [title: string, commands: readonly Command[]])[] {
  const named = new Set(TOPICS.flatMap(([, names]) => names));
  const topics = TOPICS.map(([title, names]) => [title, commands.filter(({ name }) => names.includes(name))] as const);
  const others = commands.filter(({ name }) => !named.has(name));
  return others.length > 0 ? [...topics, ["More", others] as const] : topics;
}

/** Places of a line of help: those of the terminal, up to what is good to read. */
const widthFor = (terminal: number | undefined): number => Math.min(terminal ?? 80, 100);

/** Pairs as two columns, the second wrapped. */
function listed(pairs: readonly (readonly [string, string])[], width: number): string[] {
  const left = Math.max(...pairs.map(([name]) => name.length));
  return pairs.flatMap(([name, text]) =>
    wrapped(text, width - left - 4).map((line, i) => `  ${(i === 0 ? name : "").padEnd(left)}  ${line}`.trimEnd()),
  );
}

export function overview(commands: readonly Command[], terminal?: number): string {
  const width = widthFor(terminal);
  const left = Math.max(...commands.map(({ name }) => name.length));
  const topics = byTopic(commands).flatMap(([title, all]) => [
    "",
    `${title}:`,
    ...listed(
      all.map(({ name, summary }) => [name.padEnd(left), summary] as const),
      width,
    ),
  ]);
  return [
    "usage: h5ts COMMAND [OPTION...] FILE...",
    ...topics,
    "",
    ...wrapped("FILE is a path, a URL, or - for standard input; FILE:/PATH is an object in it.", width),
    ...wrapped("h5ts COMMAND --help says more, with examples; h5ts --version says the version.", width),
  ].join("\n");
}

export interface OptionHelp {
  readonly name: string;
  /** One letter, where there is one. */
  readonly short?: string;
  /** What stands behind it on a command line. */
  readonly takes?: string;
  readonly text: string;
}

/** The options of a command, without those that all have; and those. */
export const optionsOf = ({ help, options }: Pick<Command, "help" | "options">): OptionHelp[] =>
  Object.entries(help ?? {}).map(([key, text]) => {
    const [name = "", takes] = key.split(/ (.*)/s);
    return { name, short: options?.[name]?.short, takes, text };
  });

export const commonOptions = (): OptionHelp[] =>
  optionsOf({ help: COMMON_HELP, options: { help: { type: "boolean", short: "h" } } });

/** `"-n, --count N"`. */
export const optionText = ({ name, short, takes }: OptionHelp): string =>
  `${short === undefined ? "" : `-${short}, `}--${name}${takes === undefined ? "" : ` ${takes}`}`;

export function helpOf(command: Command, terminal?: number): string {
  const width = widthFor(terminal);
  const own = optionsOf(command).map((one) => [optionText(one), one.text] as const);
  const common = commonOptions().map((one) => [optionText(one), one.text] as const);
  const left = Math.max(...[...own, ...common].map(([name]) => name.length));
  const list = (pairs: typeof own): string[] =>
    listed(
      pairs.map(([name, text]) => [name.padEnd(left), text] as const),
      width,
    );
  const examples = (command.examples ?? []).map(([line, purpose]) => [`  h5ts ${command.name} ${line}`, purpose]);
  return [
    ...wrapped(`usage: h5ts ${command.name} ${command.usage}`, width, 4),
    "",
    ...wrapped(`${command.summary}.`, width),
    ...(command.details ?? []).flatMap((text) => ["", ...wrapped(text, width)]),
    ...(own.length > 0 ? ["", "Options:", ...list(own)] : []),
    "",
    "Options of every command:",
    ...list(common),
    ...(examples.length > 0 ? ["", "Examples:", ...exampleLines(examples, width)] : []),
  ].join("\n");
}

/** What an example is for stands behind it, or above where the line has no place for it. */
function exampleLines(examples: readonly (readonly string[])[], width: number): string[] {
  const lines = columns(examples).split("\n");
  if (lines.every((line) => line.length <= width)) return lines;
  return examples.flatMap(([line = "", purpose = ""]) => [...(purpose === "" ? [] : [`  # ${purpose}`]), line]);
}
