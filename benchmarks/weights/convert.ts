/** One conversion by h5ts in a process of its own, so that its peak memory is its own. usage: convert.ts FROM TO FORMAT */
import { openWeights, saveWeights, type WritableFormat } from "@h5ts/weights";

const [from, to, format] = process.argv.slice(2);
const began = performance.now();
const before = process.cpuUsage();
const weights = await openWeights(from);
await saveWeights(to, weights, { format: format as WritableFormat });
await weights.close();
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    seconds: (performance.now() - began) / 1000,
    cpu: (user + system) / 1e6,
    peak: process.resourceUsage().maxRSS * 1024,
  }),
);
