import { defineConfig, type TestProjectConfiguration, type ViteUserConfig } from "vitest/config";

/** Packages are read from their sources, so that tests need no build. */
const conditions = ["h5ts-source", "node", "import", "default"];

/** `unit` is `npm test` and needs only Node; the others, `npm run test:NAME`, need programs or files from outside. */
const projects: Record<string, string[]> = {
  unit: [
    "packages/*/src/**/*.test.ts",
    "packages/*/test/**/*.test.ts",
    "packages/*/scripts/**/*.test.ts",
    "scripts/**/*.test.ts",
    "test/*.test.ts",
    "benchmarks/*.test.ts",
  ],
  interop: ["test/interop/**/*.test.ts"],
  writing: ["test/writing/**/*.test.ts"],
  corpus: ["test/corpus/**/*.test.ts", "test/weights/**/*.test.ts", "test/pandas/**/*.test.ts"],
  malformed: ["test/malformed/**/*.test.ts"],
  crash: ["test/crash/**/*.test.ts"],
  browser: ["test/browser/**/*.test.ts"],
};

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    projects: Object.entries(projects).map(
      ([name, include]): TestProjectConfiguration => ({ extends: true, test: { name, include } }),
    ),
  },
});

export default config;
