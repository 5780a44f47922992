/** Texts in attributes, as Keras has written them over the years: fixed or variable, whole or in numbered pieces. */
import type { Attributes, Result } from "h5ts";

type WeightsAttributes = Attributes<"async">;

/** A text; `undefined` where there is none. */
export async function attributeText(attrs: WeightsAttributes, name: string): Promise<string | undefined> {
  const value = await attrs.get(name);
  return typeof value === "string" ? value : undefined;
}

/**
 * A list of texts: of that name, or, where it was too long for one attribute, in pieces of that name with a number behind;
 * empty where there is neither.
 */
export async function attributeTexts(attrs: WeightsAttributes, name: string): Promise<string[]> {
  const whole = await piece(attrs, name);
  if (whole !== undefined) return whole;
  const texts: string[] = [];
  for (let i = 0; ; i++) {
    const next = await piece(attrs, `${name}${i}`);
    if (next === undefined) return texts;
    texts.push(...next);
  }
}

async function piece(attrs: WeightsAttributes, name: string): Promise<string[] | undefined> {
  const value = await attrs.get(name);
  if (value === undefined) return undefined;
  if (typeof value === "string") return [value];
  const { data } = value as Result;
  // An empty list of NumPy's is one of numbers.
  return Array.isArray(data) ? data.filter((text): text is string => typeof text === "string") : [];
}
