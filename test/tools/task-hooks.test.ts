import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';

const TOLD = `'echo "$ETL_TASK $ETL_STATE $ETL_STATUS \${ETL_LOG#*/logs/some/}" | sed -E "s/[0-9-]+T[^/]*/TIME/" >> told'`;

describe('hooks of tasks', () => {
  it('are told how their task ended, once, beside those of the graph', async () => {
    const { go, lines } = await tasksIn(`
on-failure: ${TOLD}
defaults: {on-failure: ${TOLD}}
tasks:
  good: {run: 'true', on-success: ${TOLD}}
  bad: {needs: [good], run: 'exit 75', retries: 1, retry-delay: 1ms}
  never: {needs: [bad], run: 'true'}
  skipped: {needs: [good], run: 'exit 99', on-success: ${TOLD}}
`);
    expect((await go()).status).toBe(75);
    expect(lines('told').sort()).toEqual([
      'bad failed 75 bad/TIME/2.log',
      'bad failed 75 bad/TIME/2.log',
      'good success 0 good/TIME/1.log',
    ]);
  });

  it('are told of a task that is split when all its items are done', async () => {
    const { go, lines } = await tasksIn(`
defaults: {on-failure: ${TOLD}, on-success: ${TOLD}, max-parallel: 1}
tasks:
  good: {each: [x, y], run: 'true'}
  bad: {needs: [good], each: [x, y, z], run: '[ "$ETL_ITEM" != y ]'}
  none: {needs: [good], each: [], run: 'true'}
  absent: {needs: [bad], trigger-rule: all_done, each: {lines: nofile}, run: 'true'}
`);
    expect((await go()).status).toBe(1);
    // Nothing waits for a hook: that of the next task may be quicker.
    expect(lines('told').sort()).toEqual([
      'absent failed 66 absent/TIME/1.log',
      'bad failed 1 bad/TIME/1/1.log',
      'good success 0 good/TIME/1/1.log',
    ]);
  });

  it('alert once after so many runs in a row in which their task failed, until it succeeds', async () => {
    const { go, lines, write } = await tasksIn('');
    const run = async (statuses: string) => {
      await write(`
tasks:
  rare: {run: 'exit ${statuses.charAt(0)}', on-failure: 'echo rare $ETL_RUN >> told', alert-after: 2}
  other: {run: 'exit ${statuses.charAt(1)}', on-failure: 'echo other $ETL_RUN >> told', alert-after: 2}
`);
      await go();
    };
    for (const statuses of ['10', '11', '10', '01', '11', '11']) await run(statuses);
    expect(lines('told').sort()).toEqual(['other 5', 'rare 2', 'rare 6']);
  });
});
