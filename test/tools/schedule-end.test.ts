/** SIGTERM at each stage of a try: what the ledger says then, and what the next schedule makes of it. */

import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { ended, until } from '../harness.ts';
import { processesWith } from '../processes.ts';
import { scheduled, states, stop } from '../scheduled.ts';

const byTerm = { status: null, signal: 'SIGTERM', stdout: '', stderr: '' };

/** Jobs that write down each of their tries, so that none of them goes unseen. */
const job = (name: string, policies: string, command: string) =>
  `#: name=${name} ${policies}\n@reboot echo "$ETL_RUN $ETL_TRY" >> ${name}; ${command}\n`;

/** Two jobs, of which the first is under way until `stopHeld`. */
const held = (second: string) =>
  job('first', '', 'until [ -e asked ]; do sleep 0.05; done') + job(second, '', 'true');

/** Ends a schedule of these jobs, and then the first of them. @param asked the path of the file `asked` */
function stopHeld(schedule: ChildProcess, asked: string) {
  const end = stop(schedule);
  writeFileSync(asked, '');
  return end;
}

/** No new run of it, whatever begins. */
const NEVER = '#: name=never\n0 0 31 4 * true\n';

describe('SIGTERM, when a try', () => {
  it('waits for a slot: the next schedule begins it', async () => {
    const { begin, lines, rows, write, file } = await scheduled(held('second'));
    const schedule = begin(['--jobs', '1']);
    await until(() => lines('first').length === 1 && rows().length === 2, 'the first one runs');
    expect(await stopHeld(schedule, file('asked'))).toEqual(byTerm);
    expect([states(rows(), 'first'), states(rows(), 'second')]).toEqual([['success'], ['queued']]);
    await write('#: name=second\n0 0 31 4 * echo "$ETL_RUN $ETL_TRY" >> second\n');
    const next = begin();
    await until(() => states(rows(), 'second')[0] === 'success', 'it has run');
    await stop(next);
    expect(lines('second')).toEqual(['2 1']);
  });

  it('waits for a slot, and its job is taken out: it was missed', async () => {
    const { begin, lines, rows, write, file } = await scheduled(held('second'));
    const schedule = begin(['--jobs', '1']);
    await until(() => lines('first').length === 1 && rows().length === 2, 'the first one runs');
    await stopHeld(schedule, file('asked'));
    await write(NEVER);
    const next = begin();
    await until(() => states(rows(), 'second')[0] === 'skipped: missed', 'it is known');
    await stop(next);
    expect(lines('second')).toEqual([]);
  });

  it('is intended: the next schedule makes it, with the same number', async () => {
    const { begin, lines, rows, write, file } = await scheduled(held('a'));
    const schedule = begin(['--jobs', '1']);
    await until(() => lines('first').length === 1 && rows().length === 2, 'the first one runs');
    await stopHeld(schedule, file('asked'));
    // As it is between the two.
    const database = new DatabaseSync(file('runs.db'));
    database.exec("INSERT INTO try (run, task, number, state) VALUES (2, 'a', 1, 'running')");
    database.exec("UPDATE run SET state = 'running', tries = 1 WHERE run = 2");
    database.close();
    await write('#: name=a\n0 0 31 4 * echo "$ETL_RUN $ETL_TRY" >> a\n');
    const next = begin();
    await until(() => states(rows(), 'a')[0] === 'success', 'it has run');
    await stop(next);
    expect([lines('a'), rows()[1]?.tries]).toEqual([['2 1'], 1]);
  });

  it('runs: it is stopped after the grace, and tried again where its policy says so', async () => {
    const hold = '[ "$ETL_TRY" = 2 ] || exec sleep 600';
    const { begin, lines, rows, write, mark } = await scheduled(
      job('once', '', hold) + job('twice', 'retries=1 retry-delay=0', hold),
    );
    const schedule = begin(['--grace', '300ms']);
    await until(() => lines('once').length + lines('twice').length === 2, 'both run');
    expect(await stop(schedule)).toEqual(byTerm);
    expect(processesWith(mark)).toEqual([]);
    expect([states(rows(), 'once'), states(rows(), 'twice')]).toEqual([
      ['failed: stopped'],
      ['up_for_retry: stopped'],
    ]);
    await write(
      ['once', 'twice']
        .map((name) => `#: name=${name} retries=1\n0 0 31 4 * echo "$ETL_RUN $ETL_TRY" >> ${name}\n`)
        .join(''),
    );
    const next = begin();
    await until(() => states(rows(), 'twice')[0] === 'success', 'its second try');
    await stop(next);
    expect([lines('once'), lines('twice')]).toEqual([['1 1'], ['2 1', '2 2']]);
  });

  it('is to be made again later: the next schedule waits until then', async () => {
    const { begin, lines, rows, write, file } = await scheduled(
      job('a', 'retries=1 retry-delay=1h', 'exit 75'),
    );
    const schedule = begin();
    await until(() => states(rows(), 'a')[0] === 'up_for_retry', 'the first try');
    const inAnHour = rows()[0]?.retry_at;
    // It does not wait for the hour.
    expect(await stop(schedule)).toEqual(byTerm);
    expect([states(rows(), 'a'), rows()[0]?.retry_at]).toEqual([['up_for_retry'], inAnHour]);
    const retryAt = Date.now() + 1500;
    const database = new DatabaseSync(file('runs.db'));
    database.exec(`UPDATE run SET retry_at = ${retryAt}`);
    database.close();
    await write('#: name=a\n0 0 31 4 * echo "$ETL_RUN $ETL_TRY $(date +\\%s\\%3N)" >> a\n');
    const next = begin();
    await until(() => states(rows(), 'a')[0] === 'success', 'the second try');
    await stop(next);
    const [run, number, time] = lines('a')[1]?.split(' ') ?? [];
    expect([run, number]).toEqual(['1', '2']);
    expect(Number(time)).toBeGreaterThanOrEqual(retryAt);
  });

  it('has ended, and its hook runs: the hook is waited for', async () => {
    const { begin, lines, rows, file } = await scheduled(
      job('a', "on-success='touch begun; sleep 1; touch hooked'", 'true'),
    );
    const schedule = begin(['--grace', '0s']);
    await until(() => existsSync(file('begun')), 'the hook runs');
    expect(await stop(schedule)).toEqual(byTerm);
    expect([existsSync(file('hooked')), states(rows(), 'a'), lines('a')]).toEqual([
      true,
      ['success'],
      ['1 1'],
    ]);
  });

  it('has ended, and its hook runs: a second signal ends that wait, too', async () => {
    const { begin, rows, file, mark } = await scheduled(
      job('a', "on-success='touch begun; sleep 600'", 'true'),
    );
    const schedule = begin();
    await until(() => existsSync(file('begun')), 'the hook runs');
    const end = ended(schedule);
    schedule.kill('SIGTERM');
    await sleep(300);
    // Two signals at once are one on a machine that is busy.
    await until(() => !schedule.kill('SIGTERM'), 'it has ended');
    expect((await end).signal).toBe('SIGTERM');
    expect([states(rows(), 'a'), processesWith(mark)]).toEqual([['success'], []]);
  });
});
