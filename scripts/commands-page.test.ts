import { expect, it } from "vitest";
import { isCurrent } from "./commands-page.ts";

it("docs/commands.md says what the help says (npx tsx --conditions=h5ts-source scripts/commands-page.ts --write)", () => {
  expect(isCurrent()).toBe(true);
});
