import { expect, it } from 'vitest';
import { graphOf } from '../../src/ledger/graphs.ts';
import { readAllHistories } from '../../src/ledger/history.ts';
import { readRunsOf, readSlice } from '../../src/ledger/newest-runs.ts';
import { readJobsOf, readOpenRuns } from '../../src/ledger/open-runs.ts';
import { countItems, readItems, readTask, readTry, tasksOf } from '../../src/ledger/read-tasks.ts';
import { hasRequests } from '../../src/ledger/requests.ts';
import { runOf, triesOf } from '../../src/ledger/rows.ts';
import { job, MINUTE, NOON, newRun, openedLedger } from './invented.ts';
import { plansOf } from './plans.ts';

it('the page finds what it shows by an index, or in a slice, however many runs and items there are', async () => {
  const { ledger } = await openedLedger();
  await ledger.register([job('a')]);
  await ledger.add([newRun('a', NOON), newRun('a', NOON + MINUTE)]);
  const all = { job: undefined, states: [], triggers: [], from: undefined, to: undefined };
  const page = { before: 99, limit: 10 };
  const plans = await plansOf(ledger, (looking) => {
    readAllHistories(looking);
    readRunsOf(looking, 'a', page);
    readOpenRuns(looking);
    readJobsOf(looking, [1]);
    for (const also of [{}, { job: 'a' }, { states: ['failed'] as const }, { from: 0, to: 1 }])
      readSlice(looking, { ...all, ...also }, page);
    runOf(looking, 1);
    triesOf(looking, 1, 'a');
    readTry(looking, { run: 1, task: undefined, number: undefined });
    tasksOf(looking, 1);
    readTask(looking, 1, 'a');
    countItems(looking, 1);
    readItems(looking, { run: 1, task: 'a', after: -1, limit: 10 });
    graphOf(looking, 'abc');
    hasRequests(looking, undefined);
  });
  const known =
    /^SCAN (job|json_each|ledger|CONSTANT ROW|run USING (COVERING )?INDEX run_unfinished|run USING COVERING INDEX \w+: SELECT count|request USING (COVERING )?INDEX request_new)/;
  expect(plans.filter((plan) => /^SCAN/.test(plan) && !known.test(plan))).toEqual([]);
  expect(plans.filter((plan) => plan.startsWith('USE TEMP B-TREE') && !plan.includes('FROM job'))).toEqual(
    [],
  );
  expect(plans.filter((plan) => /^SEARCH task USING/.test(plan)).length).toBe(4);
  expect(plans.join('\n')).toMatch(
    /SEARCH task USING (COVERING )?INDEX task_item \(run=\? AND split=\? AND position>\?\)/,
  );
  expect(plans.join('\n')).toMatch(/SEARCH task USING COVERING INDEX task_item_state/);
  expect(plans.join('\n')).toMatch(/SEARCH task USING INDEX task_whole/);
  expect(plans.filter((plan) => plan.includes('run.run >= ?')).map((plan) => plan.split(' (', 1)[0])).toEqual(
    [
      'SEARCH run USING INTEGER PRIMARY KEY',
      'SEARCH run USING INDEX run_job',
      'SEARCH run USING INTEGER PRIMARY KEY',
      'SEARCH run USING INTEGER PRIMARY KEY',
    ],
  );
});
