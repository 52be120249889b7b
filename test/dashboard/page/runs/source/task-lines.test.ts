import { expect, it } from 'vitest';
import { taskLines } from '../../../../../src/dashboard/page/runs/source/task-lines.ts';

const text = `tasks:
  # first
  extract:
    run: true

  # second
  load:
    needs: [extract]

    # not at the end
    run: 'x'

# of nobody
pools: {}
`;
const task = (name: string, line: number) => ({
  ...{ name, line, needs: [], triggerRule: 'all_success', command: '', waits: false, isSplit: false },
  pool: null,
});
const graph = { hash: '', file: '', text, tasks: [task('extract', 3), task('load', 7)] };

it.each([
  ['extract', [3, 4]],
  ['load', [7, 11]],
  ['load[3]', [7, 11]],
  ['gone', undefined],
  [undefined, undefined],
])('the lines of %s are %j', (name, lines) => {
  expect(taskLines(graph, name)).toEqual(lines);
});
