import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { privateFolder, run } from '../harness.ts';
import { job, markAt, NOON, newRun, openedLedger } from '../ledger/invented.ts';

const metricsOf = async (served: Awaited<ReturnType<typeof serving>>) =>
  (await served.ask('/metrics')).text();

describe('serve-stats --ledger', () => {
  it('adds the runs of a schedule to the metrics, and finds the ledger when it comes', async () => {
    const path = join(await privateFolder(), 'runs.db');
    const served = await serving(['--ledger', path]);
    expect(await metricsOf(served)).toMatch(/^etl_ledger_up 0\n$/m);
    const { ledger } = await openedLedger(path);
    await ledger.register([job('a')]);
    await ledger.decide(markAt(NOON), [newRun('a', NOON, { state: 'skipped', reason: 'missed', count: 3 })]);
    const metrics = await metricsOf(served);
    expect(metrics).toContain('etl_runs_total{job_name="a",state="skipped",reason="missed"} 3\n');
    expect(metrics).toMatch(/^etl_ledger_up 1\n/m);
    expect(metrics).toContain('etl_event_listeners 0\n');
    served.child.kill('SIGTERM');
    expect((await served.end).stderr).toBe('');
  });

  it('has no such metrics without it', async () => {
    expect(await metricsOf(await serving())).not.toContain('etl_ledger_up');
  });

  it('refuses what is no ledger', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'runs.db'), 'no ledger');
    expect(await run('serve-stats', ['--port', '0', '--ledger', 'runs.db'], { cwd })).toMatchObject({
      ...{ status: 78, stdout: '' },
      stderr: 'serve-stats: runs.db: not a ledger: a file of another program\n',
    });
  });
});
