import { expect, it } from "vitest";
import { countTests } from "./count-tests.ts";

const report = (passed: number, failed: number, pending: number, files: [status: string, tests: number][]): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
    testResults: files.map(([status, tests]) => ({ status, assertionResults: Array(tests).fill({}) })),
  });

it.each([
  ["all well", report(3, 0, 1, [["passed", 4]]), [3, 0, 1]],
  ["a failed test", report(3, 1, 0, [["failed", 4]]), [3, 1, 0]],
  [
    "a file that could not be loaded",
    report(3, 0, 0, [
      ["passed", 3],
      ["failed", 0],
    ]),
    [3, 1, 0],
  ],
  ["no test at all", report(0, 0, 0, []), [0, 1, 0]],
  ["only skipped tests", report(0, 0, 2, [["passed", 2]]), [0, 1, 2]],
  ["no report", undefined, [0, 1, 0]],
] as const)("counts %s", (_what, text, [passed, failed, skipped]) => {
  expect(countTests(text)).toEqual({ passed, failed, skipped });
});
