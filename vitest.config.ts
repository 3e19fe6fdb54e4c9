import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each worker holds DuckDB in memory; a small machine must be able to run them all.
    maxWorkers: 4,
  },
});
