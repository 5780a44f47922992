/** A bar on a terminal that shows how far a long command has come; elsewhere nothing. */
import type { Output } from "../command.ts";
import { fittedEnd, safe } from "./text.ts";

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

export function progressOn(
  output: Output,
  stream: { write(text: string): unknown; readonly columns?: number } = process.stderr,
): Progress {
  if (!output.isTerminal) return SILENT;
  let last = 0;
  return {
    show(done, total, label) {
      const now = Date.now();
      if (now - last < PAUSE) return;
      last = now;
      const full = Math.round((WIDTH * done) / Math.max(total, 1));
      const bar = "#".repeat(Math.min(full, WIDTH)).padEnd(WIDTH, ".");
      const line = `[${bar}] ${done}/${total} `;
      // A line that is broken could not be taken away; of a path its end says most.
      const room = Math.max(0, (stream.columns ?? 80) - line.length - 1);
      stream.write(`\r\u001b[2K${line}${fittedEnd(safe(label), room)}`);
    },
    clear() {
      if (last > 0) stream.write("\r\u001b[2K");
    },
  };
}
