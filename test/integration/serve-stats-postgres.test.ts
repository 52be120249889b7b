/** serve-stats on a real Postgres server: what it serves of it, and that it outlives it. */

import { describe, expect, it } from 'vitest';
import { listening, rollingRows, serving } from '../dashboard/serving.ts';
import { run, until } from '../harness.ts';
import { hasPostgres, postgresServer } from './postgres-server.ts';

describe.runIf(hasPostgres())('serve-stats on Postgres', () => {
  const postgres = postgresServer();

  it('serves what is posted and what others load, thinned and as events', async () => {
    const store = await postgres.newDatabase();
    const served = await serving([], { store });
    const { events } = await listening(served);
    await until(() => events.length === 1, 'hello');
    const answer = await served.post(rollingRows('attic', 3000));
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ inserted: 3000 })]);
    await until(() => events.length === 2, 'a change by a post');
    await run('load-stats', ['--to', store], { stdin: rollingRows('cellar', 10) });
    await until(() => events.some(({ data }) => data.series[0]?.sensor === 'cellar'), 'a change by another');
    expect(await served.json('/api/stats?window=all&points=100')).toMatchObject({
      series: [
        { sensor: 'attic', step: 1800, thinned: true },
        { sensor: 'cellar', thinned: false },
      ],
    });
  });

  it('lives on while the server is away', async () => {
    const store = await postgres.newDatabase();
    const served = await serving(['--wait', '1s', '--timeout', '1s'], { store });
    expect((await served.post(rollingRows('attic', 10))).status).toBe(200);
    await postgres.crash();
    expect((await served.post(rollingRows('attic', 20))).status).toBe(503);
    expect((await served.ask('/api/sensors')).status).toBe(503);
    expect((await served.ask('/healthz')).status).toBe(503);
    await postgres.start();
    let status = 0;
    while (status !== 200) status = (await served.post(rollingRows('attic', 20))).status;
    expect(await served.json('/api/sensors')).toMatchObject({ series: [{ sensor: 'attic', rows: 20 }] });
  });
});
