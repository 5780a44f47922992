/** The page itself: runs in the browser that opens the report. */
import * as Plot from "@observablehq/plot";
import type { PageData, Ratio } from "./data.ts";
import { add, chart, table } from "./elements.ts";
import { layoutStudy } from "./layout-charts.ts";

const data = JSON.parse(document.getElementById("data")!.textContent!) as PageData;

/** Seen on light and on dark ground. */
const COLOURS = {
  domain: ["h5ts", "h5py", "h5wasm", "h5wasm+plugins", "jsfive", "pako"],
  range: ["#2f81f7", "#d29922", "#db6d28", "#bf5af2", "#8b949e", "#39a0a0"],
};

const verdict = (isGood: boolean | undefined): string => (isGood === undefined ? "" : isGood ? "reached" : "missed");

/** Dots on a logarithmic axis: right of the line h5ts is the faster one. */
function ratioChart(ratios: readonly Ratio[]): void {
  const names = [...new Set(ratios.map(({ workload }) => workload))];
  chart({
    height: 60 + 18 * names.length,
    marginLeft: 170,
    x: { type: "log", grid: true, label: "times as fast as the peer →", tickFormat: (n: number) => `${n}×` },
    y: { domain: names, label: null },
    color: {
      ...COLOURS,
      domain: COLOURS.domain.filter((name) => ratios.some(({ peer }) => peer === name)),
      range: COLOURS.range.filter((_, i) => ratios.some(({ peer }) => peer === COLOURS.domain[i])),
      legend: true,
    },
    marks: [
      Plot.ruleX([1], { stroke: "currentColor", strokeOpacity: 0.6 }),
      Plot.dot(ratios, {
        x: "ratio",
        y: "workload",
        fill: "peer",
        r: 4.5,
        title: (d: Ratio) => `${d.workload}: ${d.ratio.toFixed(2)}× ${d.peer}`,
      }),
    ],
  });
}

function opening(): void {
  add("h1", "h5ts: benchmarks");
  add("p", data.machine, "note");
  if (!data.isFull) add("p", "Sizes are not those by which targets are judged: a trial run.", "bad");
  if (data.means.length > 0) {
    const row = add("div", "", "means");
    for (const { peer, variant, mean, least, count } of data.means) {
      const box = add("div", "", "", row);
      add("strong", `${mean.toFixed(2)}×`, mean >= least ? "good" : "bad", box);
      add("span", `beside ${peer} (${variant}; ${count} workloads; must: ${least}×)`, "", box);
    }
  }
}

function targets(): void {
  const known = data.verdicts.filter(({ reached }) => reached !== undefined);
  if (known.length === 0) return;
  add("h2", `Targets: ${known.filter(({ isGood }) => isGood).length} of ${known.length} bounds reached`);
  const rows = known.map((one) => [one.target, one.title, one.workload, one.must, one.reached!, verdict(one.isGood)]);
  table(["target", "", "workload", "must", "reached", ""], rows, 5);
  const slower = data.means.flatMap(({ peer, slower: list }) =>
    list.filter(({ isAllowed }) => !isAllowed).map(({ workload, ratio }) => `${workload} ${ratio.toFixed(2)}× ${peer}`),
  );
  if (slower.length > 0) add("p", `Slower than a peer where no target allows it: ${slower.join(", ")}.`);
}

function workloads(): void {
  if (data.ratios.length === 0) return;
  add("h2", "Beside its peers");
  add(
    "p",
    "h5py by the clock beside async; the others by processor time beside sync. Medians of the ratios of paired runs. Peers with wrong data are left out.",
    "note",
  );
  ratioChart(data.ratios);
  add("h2", "Processor time / wall time, ms");
  table(["workload", "h5ts sync", "h5ts async", "h5py", "h5wasm", "h5wasm+plugins", "jsfive", "same data"], data.times);
}

function limits(): void {
  if (data.fractions.length === 0) return;
  add("h2", "Beside what the machine allows");
  add(
    "p",
    "The same bytes read or written and nothing else; the same chunks through zlib and nothing else, on one processor and on all. 1 is the limit, where reading through zlib is one.",
    "note",
  );
  const names = [...new Set(data.fractions.map(({ workload }) => workload))];
  chart({
    height: 60 + 18 * names.length,
    marginLeft: 170,
    x: {
      grid: true,
      label: "fraction of the limit →",
      domain: [0, Math.max(1.1, ...data.fractions.map(({ fraction }) => Math.min(fraction, 2)))],
      clamp: true,
    },
    y: { domain: names, label: null },
    color: {
      legend: true,
      range: ["#2f81f7", "#8b949e", "#db6d28", "#d29922", "#39a0a0", "#bf5af2", "#3fb950", "#f778ba"],
    },
    marks: [
      Plot.ruleX([1], { stroke: "currentColor", strokeOpacity: 0.6 }),
      Plot.dot(data.fractions, { x: "fraction", y: "workload", fill: "limit", r: 4.5 }),
    ],
  });
}

function memory(): void {
  if (data.memory.length === 0) return;
  add("h2", "Peak of memory");
  const names = [...new Set(data.memory.map(({ workload }) => workload))];
  chart({
    height: 60 + 18 * names.length,
    marginLeft: 170,
    x: { type: "log", grid: true, label: "MB →", transform: (n: number) => n / 1e6 },
    y: { domain: names, label: null },
    color: { ...COLOURS, domain: COLOURS.domain.slice(0, 5), range: COLOURS.range.slice(0, 5), legend: true },
    marks: [Plot.dot(data.memory, { x: "bytes", y: "workload", fill: "peer", r: 4.5 })],
  });
}

function curves(): void {
  if (data.curves.length === 0) return;
  add("h2", "Cost curves");
  const grown = data.growths.filter(({ peer, growth }) => peer === "h5ts" && !Number.isNaN(growth));
  add(
    "p",
    `By processor time. h5ts grows between the two largest sizes by n to the power of ${grown.map(({ curve, growth }) => `${curve} ${growth.toFixed(2)}`).join(", ")}.`,
    "note",
  );
  chart({
    height: 760,
    marginLeft: 60,
    marginRight: 110,
    x: { type: "log", grid: true, label: "number of objects, chunks, attributes, blocks of 256 bytes →" },
    y: { type: "log", grid: true, label: "↑ seconds" },
    fy: { label: null },
    color: { domain: ["h5ts", "h5py", "h5wasm"], range: COLOURS.range.slice(0, 3), legend: true },
    marks: [
      Plot.line(data.curves, { x: "n", y: "cpu", stroke: "peer", fy: "curve", strokeWidth: 2 }),
      Plot.dot(data.curves, { x: "n", y: "cpu", fill: "peer", fy: "curve", r: 3 }),
    ],
  });
}

function curveMemory(): void {
  const ofAll = data.curves.filter(({ curve }) => curve.endsWith("_all"));
  if (ofAll.length === 0) return;
  chart({
    height: 460,
    marginLeft: 60,
    marginRight: 110,
    x: { type: "log", grid: true, label: "number →" },
    y: { type: "log", grid: true, label: "↑ peak of memory, MB", transform: (n: number) => n / 1e6 },
    fy: { label: null },
    color: { domain: ["h5ts", "h5py", "h5wasm"], range: COLOURS.range.slice(0, 3), legend: true },
    marks: [Plot.line(ofAll, { x: "n", y: "memory", stroke: "peer", fy: "curve", strokeWidth: 2 })],
  });
}

function profiles(): void {
  if (data.profiles.length === 0) return;
  add("h2", "What the time goes to");
  add(
    "p",
    "Functions of h5ts by their own time, by Node's profiler, in workloads whose bounds are not reached.",
    "note",
  );
  const rows = data.profiles.flatMap(({ workload, variant, missed, functions }) =>
    functions
      .slice(0, 8)
      .map(({ name, place, part }, i) => [
        i === 0 ? `${workload} ${variant}` : "",
        `${(100 * part).toFixed(1)} %`,
        name,
        place,
        i === 0 ? missed.join("; ") : "",
      ]),
  );
  table(["workload", "of its time", "function", "", "must: reached"], rows);
}

function rest(): void {
  if (data.browser.length > 0) {
    add("h2", "In Chromium");
    add("p", "Of a File, by the page's clock; h5wasm copies it into its own file system first.", "note");
    ratioChart(data.browser);
  }
  layoutStudy(data);
  curves();
  curveMemory();
  if (data.kernels.length > 0) {
    add("h2", "Kernels alone");
    chart({
      height: 60 + 18 * data.kernels.length,
      marginLeft: 260,
      x: { type: "log", grid: true, label: "MB/s →" },
      y: { label: null, domain: data.kernels.map(({ name }) => name) },
      marks: [Plot.dot(data.kernels, { x: "speed", y: "name", fill: COLOURS.range[0], r: 4.5 })],
    });
  }
  if (data.refusals.length > 0) {
    add("h2", "Files that cannot be read");
    table(["file", "h5ts sync", "h5ts async", "h5py", "h5wasm", "h5wasm+plugins", "jsfive"], data.refusals);
  }
}

opening();
targets();
workloads();
limits();
memory();
profiles();
rest();
if (data.omitted.length > 0) add("p", `Left out for want of time: ${data.omitted.join(", ")}.`, "note");
