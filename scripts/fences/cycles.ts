/** Modules that import each other in a ring: forbidden, also through types alone, since then neither can be read first. */

import type { FencesConfig } from "../fences.config.ts";
import type { Import } from "./imports.ts";
import { type Finding, finding, type WorkspaceFile } from "./workspace.ts";

type Graph = ReadonlyMap<WorkspaceFile, readonly Import[]>;

function graphOf(imports: readonly Import[]): Graph {
  const graph = new Map<WorkspaceFile, Import[]>();
  for (const item of imports) {
    if (item.to === undefined || item.from.isTest || item.to.isTest) continue;
    const edges = graph.get(item.from);
    if (edges === undefined) graph.set(item.from, [item]);
    else edges.push(item);
  }
  return graph;
}

/** The shortest ring through `start`, as the imports along it. */
function ringThrough(start: WorkspaceFile, graph: Graph): Import[] | undefined {
  const cameBy = new Map<WorkspaceFile, Import>();
  const queue = [start];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const item of graph.get(file) ?? []) {
      const to = item.to as WorkspaceFile;
      if (to === start) return [...pathTo(file, start, cameBy), item];
      if (cameBy.has(to)) continue;
      cameBy.set(to, item);
      queue.push(to);
    }
  }
  return undefined;
}

function pathTo(end: WorkspaceFile, start: WorkspaceFile, cameBy: ReadonlyMap<WorkspaceFile, Import>): Import[] {
  const path: Import[] = [];
  for (let file = end; file !== start; ) {
    const item = cameBy.get(file) as Import;
    path.unshift(item);
    file = item.from;
  }
  return path;
}

/** One finding a ring. Rings of values come first; a ring of which a member was reported already is not reported again. */
export function checkCycles(imports: readonly Import[], config: FencesConfig): Finding[] {
  const nameEachOther = ({ package: name, folder }: WorkspaceFile): boolean =>
    config.typeRings.some((one) => one.package === name && one.folder === folder);
  const findings: Finding[] = [];
  const reported = new Set<WorkspaceFile>();
  const rounds: [Graph, string][] = [
    [graphOf(imports.filter((item) => !item.typeOnly)), "import cycle"],
    [graphOf(imports.filter((item) => !item.typeOnly || !nameEachOther(item.from))), "import cycle through types"],
  ];
  for (const [graph, title] of rounds) {
    for (const file of graph.keys()) {
      if (reported.has(file)) continue;
      const ring = ringThrough(file, graph);
      const first = ring?.[0];
      if (ring === undefined || first === undefined) continue;
      for (const item of ring) reported.add(item.from);
      const names = [...ring.map((item) => item.from.path), file.path].join(" -> ");
      findings.push(finding(file, first.node, "cycle", `${title}: ${names}`));
    }
  }
  return findings;
}
