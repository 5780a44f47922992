/** `h5ts completion`: what a shell asks to complete a command line: commands, options, and the names inside files. */
import { isH5Error } from "h5ts";
import { type Command, UsageError } from "../command.ts";
import { type Entry, entriesOf } from "../describe.ts";
import { commonOptions, DRIVERS, LINKS, optionsOf } from "../help.ts";
import { withFile } from "../opened.ts";
import { fileAndPath } from "../place.ts";
import { safe } from "../terminal/text.ts";

/**
 * Each asks `h5ts completion words -- WORD...` for what the last word may become, and takes names of files else. bash parts words at colons
 * too: they are put together for the question, and of an answer only what stands behind the last colon is given back.
 */
const SCRIPTS = {
  bash: `_h5ts() {
  local IFS=$'\\n' line="\${COMP_LINE:0:COMP_POINT}" words
  IFS=' ' read -ra words <<< "$line"
  [[ $line == *' ' ]] && words+=('')
  local current="\${words[\${#words[@]}-1]}"
  COMPREPLY=($(h5ts completion words -- "\${words[@]:1}" 2>/dev/null))
  [[ $current == *:* && $COMP_WORDBREAKS == *:* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${current%:*}:"}")
  [[ \${COMPREPLY[0]} == */ ]] && compopt -o nospace
}
complete -o default -o bashdefault -F _h5ts h5ts`,
  zsh: `#compdef h5ts
_h5ts() {
  local -a found
  found=("\${(@f)$(h5ts completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n $found[1] ]] && compadd -S '' -- $found || _files
}
compdef _h5ts h5ts`,
  fish: `complete -c h5ts -n 'test -n "(h5ts completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)"' -f \\
  -a '(h5ts completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

export const completion = (commands: () => readonly Command[]): Command => ({
  name: "completion",
  summary: "Print what makes a shell complete commands, options and the names inside files",
  usage: "bash|zsh|fish",
  details: [
    "The scripts ask h5ts itself, so that they know commands, options, words that options take, and names inside of files: `h5ts ls data.h5 /ra` and Tab, or `h5ts preview data.h5:/ra` and Tab.",
  ],
  actions: Object.keys(SCRIPTS),
  examples: [
    ["bash >> ~/.bashrc", "for all shells to come"],
    ["zsh > ~/.zsh/completions/_h5ts", "in a folder of fpath"],
    ["fish > ~/.config/fish/completions/h5ts.fish", "for all shells to come"],
  ],
  operands: [1, Number.POSITIVE_INFINITY],
  async run({ operands: [shell, ...words], output, opening }) {
    if (shell === "words") {
      const found = await completed(commands(), words, opening);
      if (found.length > 0) output.out(found.join("\n"));
    } else if (Object.hasOwn(SCRIPTS, shell)) output.out(SCRIPTS[shell as keyof typeof SCRIPTS]);
    else throw new UsageError(`completion: there is none for ${shell}: bash, zsh, fish`);
    return 0;
  },
});

type Opening = Parameters<typeof withFile>[1];

/** What options of all commands take. */
const CHOICES: Readonly<Record<string, readonly string[]>> = { links: LINKS, driver: DRIVERS };

async function completed(commands: readonly Command[], words: readonly string[], opening: Opening): Promise<string[]> {
  const last = words.at(-1) ?? "";
  const beginning = (all: readonly string[]): string[] => all.filter((one) => one.startsWith(last));
  if (words.length <= 1) return beginning([...commands.map(({ name }) => name), "help"]);
  if (words[0] === "help") return beginning(commands.map(({ name }) => name));
  const command = commands.find(({ name }) => name === words[0]);
  if (command === undefined) return [];
  const options = [...optionsOf(command), ...commonOptions()];
  const before = options.find(({ name, short }) => [`--${name}`, `-${short}`].includes(words.at(-2) ?? ""));
  if (before?.takes !== undefined) return beginning(command.choices?.[before.name] ?? CHOICES[before.name] ?? []);
  if (last.startsWith("-")) return beginning(options.map(({ name }) => `--${name}`));
  const operands = operandsOf(words.slice(1, -1), options);
  if (command.actions !== undefined && operands.length === 0) return beginning(command.actions);
  if (command.name === "completion") return [];
  const [file] = command.actions === undefined ? operands : operands.slice(1);
  const { file: own, path } = fileAndPath(last);
  if (path !== undefined) return (await inside(own, path, opening)).map((found) => `${own}:${found}`);
  return file === undefined ? [] : inside(file, last, opening);
}

/** What stands on a command line beside options and what they take. */
function operandsOf(words: readonly string[], options: ReturnType<typeof commonOptions>): string[] {
  const taking = new Set(
    options.flatMap(({ name, short, takes }) => (takes === undefined ? [] : [`--${name}`, `-${short}`])),
  );
  return words.filter((word, i) => !word.startsWith("-") && !taking.has(words[i - 1] ?? ""));
}

const isGroup = ({ object }: Entry): boolean => !(object instanceof Error) && object?.kind === "group";

/** Paths in a file that begin with a text; those of groups with a slash behind them. */
async function inside(file: string, start: string, opening: Opening): Promise<string[]> {
  const folder = start.slice(0, start.lastIndexOf("/") + 1);
  try {
    return await withFile(file, opening, async (opened) => {
      const group = folder === "" ? opened : await opened.group(folder);
      const entries = await entriesOf(group);
      return entries
        .map((entry) => safe(`${folder}${entry.name}${isGroup(entry) ? "/" : ""}`))
        .filter((path) => path.startsWith(start));
    });
  } catch (error) {
    // A shell wants names, not messages.
    if (isH5Error(error)) return [];
    throw error;
  }
}
