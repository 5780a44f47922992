/** A plugin of typedoc: pages are called by their first heading, modules by what is imported. */
import { Converter } from "typedoc";

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const page of project.documents ?? []) {
      const text = page.content.map((part) => part.text).join("");
      page.name = /^# (.+)$/m.exec(text)?.[1] ?? page.name;
    }
    for (const module of project.children ?? []) {
      const path = module.name.replace("/src", "");
      module.name = path.startsWith("h5ts") ? path : `@h5ts/${path}`;
    }
  });
}
