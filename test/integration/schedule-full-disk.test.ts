/** A disk that fills up while a schedule runs: nothing is started that cannot be recorded, and later all is caught up. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, ended } from '../harness.ts';
import { rowsOf, scheduled } from '../scheduled.ts';

/** In a namespace of its own; others than root get it as root of a namespace of users. */
const UNSHARE = ['-m', ...(process.getuid?.() === 0 ? [] : ['-r'])];
const canUnshare = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;
if (!canUnshare) process.stderr.write('not tested: schedule on a full disk: unshare is not allowed here\n');

const INSIDE = `
  mount -t tmpfs -o size=4m none disk
  cd disk
  schedule ../crontab 2>../stderr &
  until [ -s ../said ]; do sleep 0.1; done
  ! dd if=/dev/zero of=fill bs=1k 2>/dev/null
  until [ -s ../stderr ]; do sleep 0.1; done
  date +%s%3N >../full
  # In which nothing is started.
  sleep 5
  date +%s%3N >../free
  before=$(wc -l <../said)
  rm fill
  until [ $(wc -l <../said) -gt $((before + 4)) ]; do sleep 0.1; done
  kill -TERM $!
  { wait $! || echo $? >../status; } 2>/dev/null
  cp runs.db ..`;

describe.runIf(canUnshare || process.env.CI)('schedule on a disk that is full', () => {
  it('starts nothing that cannot be recorded, says so once a minute, and catches up', async () => {
    const { cwd, file, lines } = await scheduled(
      '#: name=a catchup=all\n@every 1s echo "$ETL_RUN $ETL_TRY $(date +\\%s\\%3N)" >>../said\n',
    );
    mkdirSync(file('disk'));
    for (const name of ['said', 'stderr']) writeFileSync(file(name), '');
    const child = spawn('unshare', [...UNSHARE, 'sh', '-euc', INSIDE], {
      cwd,
      env: { PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`, SCHEDULE_TEST: cwd },
    });
    const { status, stderr } = await ended(child);
    expect([status, stderr, lines('status')]).toEqual([0, '', ['143']]);
    expect(lines('stderr')).toEqual([
      expect.stringMatching(
        /^schedule: .*(?:no space left on device|disk is full): nothing is started while it cannot be recorded; trying again every second$/,
      ),
    ]);
    const [full, free] = ['full', 'free'].map((name) => Number(lines(name)[0])) as [number, number];
    const said = lines('said').map((line) => line.split(' '));
    // One that was intended before may begin; its second has to be over.
    expect(said.filter(([, , time]) => Number(time) > full + 1000 && Number(time) < free)).toEqual([]);
    expect(said.filter(([, , time]) => Number(time) > free).length).toBeGreaterThan(3);
    expect(new Set(said.map(([run]) => run)).size, 'each run once').toBe(said.length);
    const rows = rowsOf(file('runs.db'));
    const times = rows.map(({ scheduled: due }) => due).sort((one, other) => one - other);
    expect(times).toEqual(times.map((_, at) => (times[0] ?? 0) + at * 1000));
    const states = new Set(rows.map(({ state, reason }) => reason ?? state));
    states.delete('overlap');
    // What was due in the last moment is left to the next schedule.
    states.delete('queued');
    expect(states).toEqual(new Set(['success']));
  });
});
