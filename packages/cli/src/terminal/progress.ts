/** A bar on a terminal that shows how far a long command has come; elsewhere nothing. */
import type { Output } from "../command.ts";

const WIDTH = 24;
/** Milliseconds between two drawings. */
const PAUSE = 100;

export interface Progress {
  /** `done` of `total`, and what is being worked at. */
  show(done: number, total: number, label: string): void;
  /** Takes the bar away. */
  clear(): void;
}

const SILENT: Progress = { show: () => undefined, clear: () => undefined };

export function progressOn(output: Output, stream: { write(text: string): unknown } = process.stderr): Progress {
  if (!output.isTerminal) return SILENT;
  let last = 0;
  return {
    show(done, total, label) {
      const now = Date.now();
      if (now - last < PAUSE) return;
      last = now;
      const full = Math.round((WIDTH * done) / Math.max(total, 1));
      const bar = "#".repeat(Math.min(full, WIDTH)).padEnd(WIDTH, ".");
      stream.write(`\r\u001b[2K[${bar}] ${done}/${total} ${label.slice(-48)}`);
    },
    clear() {
      if (last > 0) stream.write("\r\u001b[2K");
    },
  };
}
