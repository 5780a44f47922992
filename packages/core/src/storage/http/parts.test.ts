import { describe, expect, it } from "vitest";
import { parseContentRange } from "./content-range.ts";
import { retryAfter, retrying, Transient } from "./retry.ts";

describe("Content-Range", () => {
  const cases: [header: string | null, expected: unknown][] = [
    ["bytes 0-7/100", { start: 0, end: 8, total: 100 }],
    ["Bytes  5-5 / * ", { start: 5, end: 6 }],
    ["bytes */100", { total: 100 }],
    [null, undefined],
    ["", undefined],
    ["bytes 0-7", undefined],
    ["bytes -7/100", undefined],
    ["items 0-7/100", undefined],
    ["bytes 0-99999999999999999999/100", undefined],
  ];
  it.each(cases)("%s", (header, expected) => expect(parseContentRange(header)).toEqual(expected));
});

describe("Retry-After", () => {
  const now = Date.parse("2024-01-01T00:00:00Z");
  const cases: [header: string | null, expected: number | undefined][] = [
    ["2", 2000],
    ["Mon, 01 Jan 2024 00:00:05 GMT", 5000],
    ["Mon, 01 Jan 2023 00:00:05 GMT", 0],
    [null, undefined],
    ["soon", undefined],
  ];
  it.each(cases)("%s", (header, expected) => expect(retryAfter(header, now)).toBe(expected));
});

it("repeats passing failures only, so often as it is told", async () => {
  let calls = 0;
  const failing = (error: Error) => async (): Promise<never> => {
    calls++;
    throw error;
  };
  await expect(retrying(failing(new Transient("x")), { retries: 3, delay: 0 })).rejects.toThrow("x");
  expect(calls).toBe(4);
  await expect(retrying(failing(new Error("y")), { retries: 3, delay: 0 })).rejects.toThrow("y");
  expect(calls).toBe(5);
});
