import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files with a long form. Where tests have the tag `sized`, only these run in it. */
const THOROUGH = [
  'test/addresses/show.test.ts',
  'test/cli/load-tool.test.ts',
  'test/counting/{counter,thread-pool}.test.ts',
  'test/lakes/record.test.ts',
  'test/queues/file/queue.test.ts',
  'test/schedule/tries/bad-tries.test.ts',
  'test/schedule/{crontab/read-crontab,due/due-properties}.test.ts',
  'test/scripts/{demo,temperature-etl}.test.ts',
  'test/stores/{contract,sqlite}.test.ts',
  'test/tools/{buffer-tail,get-events-kill,get-stats,lake-put,load-stats,queue-take-kill,serve-stats}.test.ts',
  'test/weblog/round-trip.test.ts',
  'test/weblog/parse/log-reader.test.ts',
];

/** Small files that take long. */
const LONG =
  /\/(?:chaos|schedule-first-process|temperature-etl|\w+-to-lake|[\w-]+-kill|(?:[\w-]+-)?contract|demo|kafka[\w-]*|round-trip|sqs[\w-]*|weblogs-streaming)\.test\.ts$/;

/** Where nothing is known of earlier runs, Vitest begins with the largest files; the last ones would have all other workers wait. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Most tests start processes; a loaded machine makes them slow, never wrong.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What a test waits for comes in its own time.
    expect: { poll: { timeout: 150_000 } },
    // They mostly wait for the processes that they have started.
    maxWorkers: 2 * availableParallelism(),
    // Test files leave nothing behind in their process; to load the modules for each of them anew is a fifth of the CPU time.
    isolate: false,
    setupFiles: 'test/setup.ts',
    tags: [{ name: 'sized', description: 'does more in the long form of its file' }],
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
        test: {
          name: 'tools',
          include: ['test/*.test.ts', 'test/{tools,scripts}/**/*.test.ts'],
          globalSetup: 'test/other-user.ts',
        },
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
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          env: { THOROUGH: 'yes' },
          testTimeout: 1_200_000,
          // Several servers may be starting.
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        // The long form of these files.
        test: {
          name: 'thorough',
          include: THOROUGH,
          setupFiles: ['test/setup.ts', 'test/sized-only.ts'],
          env: { THOROUGH: 'yes' },
          testTimeout: 1_200_000,
        },
      },
    ],
  },
});
