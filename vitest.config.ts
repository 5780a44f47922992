import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["h5ts-source", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["h5ts-source", "node", "import", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
