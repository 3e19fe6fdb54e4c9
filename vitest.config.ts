import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // A limit against hanging, not a measure: a small and busy machine takes four times as long as a good one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
