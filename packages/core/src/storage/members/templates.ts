/** Names of the files of a set: what they have in common, and how a template makes a name of it. */
import { UnsupportedError } from "../../errors.ts";

/** The name that a template of the multi driver makes: `%s` is what all members have in common, `%%` a percent sign. */
export function multiName(template: string, common: string): string {
  return template.replace(/%(.?)/g, (_, code: string) => {
    if (code === "s") return common;
    if (code === "%") return "%";
    throw new UnsupportedError("names its members by a template that is not known", { found: template, allowed: "%s" });
  });
}

/** What a name has where the template has `%s`; `undefined` where it is not of that template. */
export function multiCommon(template: string, name: string): string | undefined {
  const at = template.indexOf("%s");
  if (at < 0) return multiName(template, "") === name ? "" : undefined;
  const before = multiName(template.slice(0, at), "");
  const after = multiName(template.slice(at + 2), "");
  const fits = name.startsWith(before) && name.endsWith(after) && name.length >= before.length + after.length;
  return fits ? name.slice(before.length, name.length - after.length) : undefined;
}

/** Names of the members of a family, by number. */
export type FamilyNames = (member: number) => string;

/** A template as the family driver takes it: one `%d`, `%5d` or `%05d`. `undefined` where the text is none. */
export function familyTemplate(text: string): FamilyNames | undefined {
  const match = /^([^%]*)%(0?)(\d*)d([^%]*)$/.exec(text);
  if (match === null) return undefined;
  const [, before, zero, width, after] = match;
  return (member) => before + String(member).padStart(Number(width), zero === "0" ? "0" : " ") + after;
}

/** The families whose first member may have this name: each run of zeros may be the number, the last one first. */
export function familiesOf(first: string): FamilyNames[] {
  return Array.from(first.matchAll(/(?<!\d)0+(?!\d)/g), ({ index, 0: zeros }) => {
    const [before, after] = [first.slice(0, index), first.slice(index + zeros.length)];
    return (member: number) => before + String(member).padStart(zeros.length, "0") + after;
  }).reverse();
}
