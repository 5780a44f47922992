import { describe, expect, it } from "vitest";
import { familiesOf, familyTemplate, multiCommon, multiName } from "./templates.ts";

describe("multi", () => {
  const cases: [template: string, name: string, common: string | undefined][] = [
    ["%s-s.h5", "run-s.h5", "run"],
    ["%s-s.h5", "run-m.h5", undefined],
    ["pre%%_%s", "pre%_x", "x"],
    ["fixed.h5", "fixed.h5", ""],
    ["fixed.h5", "other.h5", undefined],
    ["aa%saa", "aaa", undefined],
  ];
  it.each(cases)("%s of %s", (template, name, common) => {
    expect(multiCommon(template, name)).toBe(common);
    if (common !== undefined) expect(multiName(template, common)).toBe(name);
  });

  it("refuses other conversions", () => {
    expect(() => multiName("%d.h5", "x")).toThrow(/template that is not known/);
    expect(() => multiName("x%", "x")).toThrow(/template that is not known/);
  });

  it("takes what is common as it is", () => {
    expect(multiName("%s-r.h5", "$& 100%s")).toBe("$& 100%s-r.h5");
  });
});

describe("families", () => {
  const templates: [template: string, member: number, name: string | undefined][] = [
    ["run%05d.h5", 12, "run00012.h5"],
    ["run%d.h5", 12, "run12.h5"],
    ["run%3d.h5", 1, "run  1.h5"],
    ["run.h5", 1, undefined],
    ["%d-%d", 1, undefined],
    ["%s.h5", 1, undefined],
  ];
  it.each(templates)("%s of %d", (template, member, name) => expect(familyTemplate(template)?.(member)).toBe(name));

  const firsts: [first: string, seconds: string[]][] = [
    ["run00000.h5", ["run00001.h5"]],
    ["run0.h5", ["run1.h5"]],
    ["2000_000_x0.h5", ["2000_000_x1.h5", "2000_001_x0.h5"]],
    ["run.h5", []],
    ["run100.h5", []],
  ];
  it.each(firsts)("%s", (first, seconds) => {
    expect(familiesOf(first).map((names) => names(1))).toEqual(seconds);
    expect(familiesOf(first).every((names) => names(0) === first)).toBe(true);
  });
});
