/**
 * `tsx scripts/count-tests.ts REPORT...`: adds up vitest's JSON reports and prints `passed failed skipped`. A file that
 * failed before its tests ran counts as one failure, and so does a report that is missing or holds no test.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** The counts of one report, given as its text; `undefined` for one that does not exist. */
export function countTests(text: string | undefined): Counts {
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(text) as Report;
  const broken = report.testResults.filter(
    ({ status, assertionResults: tests }) => status === "failed" && tests.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  const empty = report.numPassedTests + failed === 0;
  return {
    passed: report.numPassedTests,
    failed: empty ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = process.argv.slice(2).map((path) => countTests(read(path)));
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  console.log(sum("passed"), sum("failed"), sum("skipped"));
}
