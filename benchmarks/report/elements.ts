/** What the page is made of: text, tables and charts, one below the other. */
import * as Plot from "@observablehq/plot";

export const main: HTMLElement = document.querySelector("main")!;

export function add<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = "",
  className = "",
  into: Element = main,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (text !== "") element.textContent = text;
  if (className !== "") element.className = className;
  into.append(element);
  return element;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[], verdictAt = -1): void {
  const body = add("table", "", "", add("div", "", "scroll"));
  const line = (cells: readonly string[], kind: "th" | "td"): void => {
    const row = add("tr", "", "", body);
    for (const [i, text] of cells.entries()) {
      const tone = i !== verdictAt || kind === "th" ? "" : text === "reached" ? "good" : text === "missed" ? "bad" : "";
      add(kind, text, text.startsWith("WRONG") ? "bad" : tone, row);
    }
  };
  line(head, "th");
  for (const row of rows) line(row, "td");
}

/** A chart of the page's width; none is shown without data. */
export function chart(options: Plot.PlotOptions, into: Element = main): void {
  const figure = add("figure", "", "", into);
  figure.append(Plot.plot({ width: 1000, marginBottom: 46, style: { fontSize: "12px" }, ...options }));
}
