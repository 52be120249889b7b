import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Most tests start processes; a loaded machine makes them slow, never wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // They mostly wait for what they have started.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/*/**/*.test.ts'],
          exclude: ['test/{tools,scripts,shared-data,integration}/**'],
        },
      },
      {
        extends: true,
        test: { name: 'tools', include: ['test/*.test.ts', 'test/{tools,scripts}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'shared-data',
          include: ['test/shared-data/**/*.test.ts'],
          globalSetup: 'test/shared-data.ts',
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 1_200_000 },
      },
    ],
  },
});
