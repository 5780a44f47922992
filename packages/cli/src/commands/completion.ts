/** `h5ts completion`: what a shell asks to complete a command line: commands, options, and the names inside files. */
import { isH5Error } from "h5ts";
import { type Command, UsageError } from "../command.ts";
import { type Entry, entriesOf } from "../describe.ts";
import { withFile } from "../opened.ts";
import { safe } from "../terminal/text.ts";

/** Each asks `h5ts completion words -- WORD...` for what the last word may become, and takes names of files else. */
const SCRIPTS = {
  bash: `_h5ts() {
  local IFS=$'\\n'
  COMPREPLY=($(h5ts completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
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

/** Options of all commands. */
const COMMON = ["json", "links", "driver", "help"];

export const completion = (commands: () => readonly Command[]): Command => ({
  name: "completion",
  summary: "Print what makes a shell complete commands, options and the names inside files",
  usage: "bash|zsh|fish",
  examples: [
    ["bash >> ~/.bashrc", "for all shells to come"],
    ["zsh > ~/.zsh/completions/_h5ts", "in a folder of fpath"],
    ["fish > ~/.config/fish/completions/h5ts.fish", ""],
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

async function completed(commands: readonly Command[], words: readonly string[], opening: Opening): Promise<string[]> {
  const last = words.at(-1) ?? "";
  if (words.length <= 1) return commands.map(({ name }) => name).filter((name) => name.startsWith(last));
  const command = commands.find(({ name }) => name === words[0]);
  if (command === undefined) return [];
  if (last.startsWith("-")) {
    const names = [...Object.keys(command.options ?? {}), ...COMMON].map((name) => `--${name}`);
    return names.filter((name) => name.startsWith(last));
  }
  if (command.name === "completion") return Object.keys(SCRIPTS).filter((name) => name.startsWith(last));
  const [file] = words.slice(1, -1).filter((word) => !word.startsWith("-"));
  return file === undefined ? [] : inside(file, last, opening);
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
