/** All commands, in the order in which they are listed. */
import type { Command } from "./command.ts";
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

export const COMMANDS: readonly Command[] = [
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
