import { expect, it } from 'vitest';
import type { TaskLeft } from '../../../../src/schedule/execution.ts';
import { executeGraph } from '../../../../src/schedule/graph/execution/execute-graph.ts';
import { graphJob } from '../../../../src/schedule/graph/graph-job.ts';
import { newRun } from '../../../ledger/invented.ts';
import { at, scheduling } from '../../scheduling.ts';
import { graphOf } from '../graphs.ts';

/** Goes on with a task that is split, of which a killed schedule has left these items. */
async function goOn(items: readonly Partial<TaskLeft>[]) {
  const { world, ledger, begun, hooks, settle } = await scheduling({ crontab: '', start: at('10:00') });
  const graph = graphOf('tasks: {split: {run: x, each: [a, b], on-failure: f, on-success: s}}');
  const [run] = await ledger.add([{ ...newRun('some', 0), state: 'running' }]);
  if (run === undefined) throw new Error('no run');
  const left = items.map((item, index): [string, TaskLeft] => [
    `split[${index}]`,
    { ...{ state: 'none', reason: undefined, tries: 0, status: undefined, item: 'ab'[index] }, ...item },
  ]);
  const { done } = executeGraph(run, graphJob(graph), world, { kind: 'tasks', tasks: new Map(left) });
  await settle();
  const names = begun.map(({ order, end }) => {
    end({});
    return `${order.task} ${order.number}`;
  });
  await done;
  await settle();
  return { begun: names, hooks };
}

it.each([
  [[{ state: 'failed', status: 65, tries: 2 }, {}], ['split[1] 1'], ['some failed 65']],
  [[{ state: 'success', status: 0, tries: 1 }, { tries: 1 }], ['split[1] 2'], ['some success 0']],
  [
    [
      { state: 'success', status: 0, tries: 1 },
      { state: 'skipped', status: 99, tries: 1 },
    ],
    [],
    ['some success 0'],
  ],
] as const)(
  'what an item came to before a crash counts for the hooks of all: %j',
  async (items, begun, hooks) => {
    expect(await goOn(items)).toEqual({ begun, hooks });
  },
);
