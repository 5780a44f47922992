/** Steps that take a while: with a bar on a terminal (@clack/prompts), elsewhere a line each. */
import { intro, outro, progress } from "@clack/prompts";

export class Steps {
  /** A person reads along: not a file, a pipe or a CI's log. */
  private readonly drawn: boolean = process.stdout.isTTY === true && !process.env.CI;

  constructor(title: string) {
    if (this.drawn) intro(title);
    else console.log(title);
  }

  /** Runs a step of so many parts, which says the name of each when that is done. */
  async run<T>(title: string, parts: number, work: (advance: (part: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    const took = (): string => `${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`;
    if (!this.drawn) {
      const result = await work(() => undefined);
      console.log(took());
      return result;
    }
    const bar = progress({ style: "heavy", max: parts, size: 30 });
    bar.start(`${title} ...`);
    let done = 0;
    try {
      const result = await work((part) => bar.advance(1, `${title} (${++done} of ${parts}): ${part}`));
      bar.stop(took());
      return result;
    } catch (error) {
      bar.error(`${title} failed`);
      throw error;
    }
  }

  end(): void {
    if (this.drawn) outro("Done.");
  }
}
