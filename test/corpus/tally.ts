/** Counts files that are right, in all and by feature. */
import type { Difference } from "../support/compare.ts";
import type { CorpusEntry } from "../support/corpus.ts";

interface Count {
  files: number;
  right: number;
  /** Right but for what later versions bring. */
  later: number;
}

export class Tally {
  private readonly features: Map<string, Count> = new Map();
  private readonly failed: string[] = [];
  private readonly later: string[] = [];
  private readonly all: Count = { files: 0, right: 0, later: 0 };

  add(entry: CorpusEntry, failures: readonly Difference[], exempt: ReadonlySet<string>): void {
    const counts = [this.all, ...entry.features.map((feature) => this.countOf(feature))];
    for (const count of counts) {
      count.files++;
      if (failures.length === 0) count[exempt.size === 0 ? "right" : "later"]++;
    }
    const keys = [...new Set(failures.map(({ key }) => key))];
    if (failures.length > 0) this.failed.push(`  ${entry.file}: ${keys.join(", ")}`);
    else if (exempt.size > 0) this.later.push(`  ${entry.file}: ${[...exempt].join(", ")}`);
  }

  private countOf(feature: string): Count {
    let count = this.features.get(feature);
    if (count === undefined) this.features.set(feature, (count = { files: 0, right: 0, later: 0 }));
    return count;
  }

  report(): string {
    const rows = [...this.features].sort(([a], [b]) => (a < b ? -1 : 1));
    const line = (name: string, { files, right, later }: Count): string => {
      const rest = later > 0 ? `  (${later} need more)` : "";
      return `  ${name.padEnd(42)} ${String(right).padStart(4)} / ${files}${rest}`;
    };
    return [
      "by feature: files right / files",
      ...rows.map(([name, count]) => line(name, count)),
      "need filters or virtual datasets of later versions:",
      ...this.later.sort(),
      ...(this.failed.length > 0 ? ["differ:", ...this.failed.sort()] : []),
      line("corpus: files right / files", this.all),
    ].join("\n");
  }
}
