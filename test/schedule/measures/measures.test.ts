import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MeasureSettings, openMeasures } from '../../../src/schedule/measures/measures.ts';
import { job, MINUTE, markAt, NOON, newRun, openedLedger, result } from '../../ledger/invented.ts';

async function measured(also: (folder: string) => Partial<MeasureSettings>) {
  const { ledger, path } = await openedLedger();
  await ledger.register([job('a')]);
  const said: string[] = [];
  const settings = { statsd: undefined, textfile: undefined, ledger: path, waitMs: 1000 };
  const measures = openMeasures(
    { ...settings, ...also(dirname(path)) },
    {
      ...{ warn: (message) => said.push(message), explain: (message) => said.push(message) },
      failed: (error) => said.push(`bug: ${error}`),
      now: () => NOON,
    },
  );
  return { ledger, measures, said, folder: dirname(path) };
}

const slots = { open: 31, taken: 1, queued: 0 };

describe('the measures of a schedule', () => {
  it('are a file that is replaced whole after each event, and at the end', async () => {
    const { ledger, measures, said, folder } = await measured((at) => ({ textfile: join(at, 'etl.prom') }));
    const file = join(folder, 'etl.prom');
    await ledger.decide(markAt(NOON), [newRun('a', NOON, { state: 'running' })]);
    measures.beat(1, slots);
    while (!existsSync(file)) await sleep(20);
    expect(readFileSync(file, 'utf8')).toContain('etl_runs_unfinished{state="running"} 1\n');
    expect(readFileSync(file, 'utf8')).toContain('etl_schedule_slots{state="running"} 1\n');
    ledger.ended({ run: 1, task: 'a', number: 1 }, result('success'), [], { state: 'success' });
    await ledger.decide(markAt(NOON + MINUTE), []);
    await measures.close();
    expect(readFileSync(file, 'utf8')).toContain(
      'etl_runs_total{job_name="a",state="success",reason=""} 1\n',
    );
    expect(said).toEqual([]);
    await ledger.close(true);
    expect(readdirSync(folder).sort()).toEqual(['etl.prom', 'runs.db']);
  });

  it('say once that the file cannot be written, and go on', async () => {
    const { measures, said, folder } = await measured((at) => ({ textfile: join(at, 'no', 'etl.prom') }));
    measures.beat(1, slots);
    while (said.length === 0) await sleep(20);
    await measures.close();
    expect(said).toEqual([expect.stringContaining('etl.prom')]);
    mkdirSync(join(folder, 'no'));
    await measures.close();
    expect(readFileSync(join(folder, 'no', 'etl.prom'), 'utf8')).toContain('etl_schedule_jobs 1\n');
  });

  it('are packets for a StatsD server', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void socket.close());
    await once(socket, 'listening');
    const { measures } = await measured(() => ({
      statsd: { host: 'localhost', port: socket.address().port },
    }));
    measures.beat(1, slots);
    const [bytes] = await once(socket, 'message');
    expect(String(bytes)).toContain('airflow.scheduler_heartbeat:1|c\nairflow.dagbag_size:1|g');
    await measures.close();
  });

  it('are none where nobody asks for them', async () => {
    const { measures, said, folder } = await measured(() => ({}));
    measures.beat(1, slots);
    await measures.close();
    expect([said, readdirSync(folder).filter((name) => name.endsWith('.prom'))]).toEqual([[], []]);
  });
});
