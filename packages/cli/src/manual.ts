/** The manual pages of the command, for `man`, and as one page of Markdown for the guide: from the same texts as `--help`. */
import type { Command } from "./command.ts";
import { byTopic, commonOptions, type OptionHelp, optionsOf, optionText } from "./help.ts";

/** What holds for every command. */
const EXIT: readonly (readonly [code: string, text: string])[] = [
  ["0", "All is well."],
  ["1", "A file is bad, in part or as a whole, or files differ."],
  ["2", "The command line is wrong."],
];

const ENVIRONMENT: readonly (readonly [name: string, text: string])[] = [
  ["NO_COLOR", "If set, there are no colours."],
  ["FORCE_COLOR", 'If set, and not to "0", there are colours where there is no terminal as well.'],
  ["HDF5_USE_FILE_LOCKING", "If FALSE, files are opened whatever other programs do with them."],
];

const FILES =
  "FILE is a path, a URL (http or https), or - for standard input, which is read as a whole. An object in a file is FILE:/PATH, or PATH behind FILE. Files that are changed or made are paths.";

/** Text that roff takes as it is. */
const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/`([^`]*)`/g, "\\fB$1\\fR")
    .replaceAll(/^(['.])/gm, "\\&$1");

const tagged = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.flatMap(([tag, text]) => [".TP", `.B ${roff(tag)}`, roff(text)]);

const heading = (name: string, version: string): string =>
  `.TH "${name.toUpperCase()}" "1" "" "h5ts ${version}" "h5ts"`;

const sections = (parts: readonly (readonly [title: string, lines: readonly string[]])[]): string[] =>
  parts.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`.SH "${title}"`, ...lines]));

const examplesOf = ({ name, examples = [] }: Command): string[] =>
  examples.flatMap(([line, purpose]) => [
    ".PP",
    roff(`${purpose}:`),
    ".PP",
    ".RS 4",
    ".nf",
    roff(`h5ts ${name} ${line}`),
    ".fi",
    ".RE",
  ]);

const optionPairs = (options: readonly OptionHelp[]): [string, string][] =>
  options.map((one) => [optionText(one), `${one.text}.`]);

/** The pages of section 1, by the names of their files: `h5ts.1`, and one for each command. */
export function manualPages(commands: readonly Command[], version: string): Record<string, string> {
  const pages = commands.map((command) => [`h5ts-${command.name}.1`, pageOf(command, version)] as const);
  return Object.fromEntries([["h5ts.1", mainPage(commands, version)], ...pages]);
}

function mainPage(commands: readonly Command[], version: string): string {
  const topics = byTopic(commands).flatMap(([title, all]) => [
    `.SS "${title}"`,
    ...tagged(all.map(({ name, summary }) => [`h5ts ${name}`, `${summary}. See \\fBh5ts-${name}\\fR(1).`])).map(
      (line) => line.replaceAll("\\efB", "\\fB").replaceAll("\\efR", "\\fR"),
    ),
  ]);
  return `${[
    heading("h5ts", version),
    ...sections([
      ["NAME", ["h5ts \\- look into HDF5 files, compare, check, convert and repack them"]],
      ["SYNOPSIS", [".B h5ts", "\\fICOMMAND\\fR [\\fIOPTION\\fR...] \\fIFILE\\fR..."]],
      ["DESCRIPTION", [roff("Reads and writes the HDF5 file format by itself, without libhdf5."), ".PP", roff(FILES)]],
      ["COMMANDS", topics],
      ["OPTIONS OF EVERY COMMAND", tagged(optionPairs(commonOptions()))],
      ["EXIT STATUS", tagged(EXIT)],
      ["ENVIRONMENT", tagged(ENVIRONMENT)],
    ]),
  ].join("\n")}\n`;
}

function pageOf(command: Command, version: string): string {
  const { name, summary, usage, details = [] } = command;
  return `${[
    heading(`h5ts-${name}`, version),
    ...sections([
      ["NAME", [roff(`h5ts-${name} - ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`)]],
      ["SYNOPSIS", [`.B h5ts ${roff(name)}`, roff(usage)]],
      ["DESCRIPTION", [roff(`${summary}.`), ...[...details, FILES].flatMap((text) => [".PP", roff(text)])]],
      ["OPTIONS", tagged(optionPairs(optionsOf(command)))],
      ["OPTIONS OF EVERY COMMAND", tagged(optionPairs(commonOptions()))],
      ["EXAMPLES", examplesOf(command)],
      ["EXIT STATUS", tagged(EXIT)],
      ["SEE ALSO", ["\\fBh5ts\\fR(1)"]],
    ]),
  ].join("\n")}\n`;
}

const code = (text: string): string => `\`${text}\``;

const listed = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([tag, text]) => `- ${code(tag)}: ${text}`);

/** All of it as a page of the guide. */
export function manualMarkdown(commands: readonly Command[]): string {
  const one = (command: Command): string[] => {
    const { name, summary, usage, details = [], examples = [] } = command;
    return [
      `### h5ts ${name}`,
      `\`\`\`\nh5ts ${name} ${usage}\n\`\`\``,
      [`${summary}.`, ...details].join(" "),
      listed(optionsOf(command).map((option) => [optionText(option), option.text])).join("\n"),
      `\`\`\`sh\n${examples.map(([line, purpose]) => `# ${purpose}\nh5ts ${name} ${line}`).join("\n")}\n\`\`\``,
    ].filter(Boolean);
  };
  return `${[
    "# Commands",
    "Every command with every option, from the same texts as `h5ts COMMAND --help` and `man h5ts-COMMAND`. [Command line](cli.md) is the introduction.",
    FILES,
    "Options of every command:",
    listed(commonOptions().map((option) => [optionText(option), option.text])).join("\n"),
    "Exit codes:",
    listed(EXIT).join("\n"),
    "Environment:",
    listed(ENVIRONMENT).join("\n"),
    ...byTopic(commands).flatMap(([title, all]) => [`## ${title}`, ...all.flatMap(one)]),
  ].join("\n\n")}\n`;
}
