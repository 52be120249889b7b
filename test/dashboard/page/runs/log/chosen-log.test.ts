import { describe, expect, it } from 'vitest';
import { chosenLog } from '../../../../../src/dashboard/page/runs/log/chosen-log.ts';
import { at, attempt, detail, task } from '../run-fixtures.ts';

const none = () => [];
const names = (chosen: ReturnType<typeof chosenLog>) => [
  chosen?.task.task,
  chosen?.item?.task,
  chosen?.attempts,
  chosen?.attempt,
];

describe('the log that is meant', () => {
  const tasks = [
    task('extract'),
    task('load', { state: 'failed', tries: 2 }),
    task('report', { state: 'none', tries: 0 }),
  ];
  const run = detail(tasks, [
    attempt('extract', 1, at(0), at(1)),
    attempt('load', 1, at(1), at(2), { state: 'failed' }),
    attempt('load', 2, at(2), at(3), { state: 'failed' }),
  ]);

  it('is that of what failed where nothing is said, of its last try', () => {
    expect(names(chosenLog(run, { task: undefined, attempt: undefined }, none))).toEqual([
      'load',
      undefined,
      [1, 2],
      2,
    ]);
    expect(names(chosenLog(run, { task: 'load', attempt: 1 }, none))).toEqual(['load', undefined, [1, 2], 1]);
    expect(names(chosenLog(run, { task: 'extract', attempt: 7 }, none))).toEqual([
      'extract',
      undefined,
      [1],
      1,
    ]);
    expect(names(chosenLog(run, { task: 'gone', attempt: undefined }, none))).toEqual([
      'load',
      undefined,
      [1, 2],
      2,
    ]);
    expect(chosenLog(detail([]), { task: undefined, attempt: undefined }, none)).toBeUndefined();
  });

  it('is that of an item where a task is split', () => {
    const split = detail([task('count', { items: { success: 1, failed: 1 } })]);
    const items = [task('count[0]'), task('count[1]', { state: 'failed', tries: 3 })];
    const chosen = (name: string | undefined) =>
      chosenLog(split, { task: name, attempt: undefined }, () => items);
    expect(names(chosen(undefined))).toEqual(['count', 'count[1]', [1, 2, 3], 3]);
    expect(names(chosen('count[0]'))).toEqual(['count', 'count[0]', [1], 1]);
    expect(names(chosenLog(split, { task: 'count', attempt: undefined }, none))[1]).toBeUndefined();
  });

  it('is not there before there is a try', () => {
    const isBegun = (task: Parameters<typeof detail>[0], items = none as () => typeof task) =>
      chosenLog(detail(task), { task: undefined, attempt: undefined }, items)?.isBegun;
    const queued = { state: 'queued', tries: 0 } as const;
    const split = task('count', { items: { queued: 1 } });
    expect(isBegun([task('load')])).toBe(true);
    expect(isBegun([task('load', queued)])).toBe(false);
    expect(isBegun([split])).toBe(false);
    expect(isBegun([split], () => [task('count[0]', queued)])).toBe(false);
    expect(isBegun([split], () => [task('count[0]')])).toBe(true);
  });
});
