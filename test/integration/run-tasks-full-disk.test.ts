/** A disk that the tasks of a run fill up: each is done once all the same, as soon as there is space again. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';
import { bin, ended } from '../harness.ts';

/** In a namespace of its own; others than root get it as root of a namespace of users. */
const UNSHARE = ['-m', ...(process.getuid?.() === 0 ? [] : ['-r'])];
const canUnshare = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;
if (!canUnshare) process.stderr.write('not tested: run-tasks on a full disk: unshare is not allowed here\n');

/** `extract` writes until nothing fits any more, and as long as that is so. */
const TASKS = `
defaults: {retries: 1000, retry-delay: 50ms, max-retry-delay: 50ms}
tasks:
  extract:
    run: |
      [ -e ../free ] || cat /dev/zero > "$ETL_RUN_DIR/big" || { date >> ../full; exit 75; }
      echo data > "$ETL_RUN_DIR/data"
      echo extract >> ../did
  beside: {run: 'until [ -e ../full ]; do sleep 0.05; done; echo beside >> ../did; seq 100000'}
  each: {needs: [extract], each: {lines: '$ETL_RUN_DIR/data'}, run: 'echo "$ETL_ITEM" >> ../did'}
  last: {needs: [each, beside], run: 'cat "$ETL_RUN_DIR/data" >> ../did'}
`;

/** @param mounted what is on a disk of its own */
const inside = (mounted: string) => `
  mkdir -p disk/logs
  mount -t tmpfs -o size=1m none ${mounted}
  cd disk
  cp ../some.yaml .
  run-tasks some.yaml 2>../stderr &
  until [ -e ../full ]; do sleep 0.1; done
  # In which the ledger is asked in vain.
  until [ -s ../stderr ]; do sleep 0.1; done
  sleep 3
  touch ../free
  find logs -name big -exec rm {} +
  { wait $! || echo $? >../status; } 2>/dev/null
  cp runs.db ..`;

describe.runIf(canUnshare || process.env.CI)('run-tasks on a disk that is full', () => {
  it.each([
    { what: '$ETL_RUN_DIR', mounted: 'disk/logs' },
    { what: 'the ledger and $ETL_RUN_DIR', mounted: 'disk' },
  ])('that of $what: does all tasks once there is space, each once', async ({ mounted }) => {
    const { cwd, file, lines, states, runs } = await tasksIn(TASKS);
    mkdirSync(file('disk'));
    writeFileSync(file('stderr'), '');
    const child = spawn('unshare', [...UNSHARE, 'sh', '-euc', inside(mounted)], {
      cwd,
      env: { PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`, TASKS_TEST: cwd },
    });
    const { status, stderr } = await ended(child);
    expect([status, stderr, lines('status')]).toEqual([0, '', []]);
    expect(lines('stderr')).toEqual([
      expect.stringMatching(
        /^run-tasks: .*(?:no space left on device|disk is full): trying again every second$/,
      ),
    ]);
    expect(lines('did').toSorted()).toEqual(['beside', 'data', 'data', 'extract']);
    expect(states()).toMatch(
      /^extract success \d+, beside success 1, each success 0, last success 1, each\[0\] success 1$/,
    );
    expect(runs()).toEqual(['manual success 0']);
  });
});
