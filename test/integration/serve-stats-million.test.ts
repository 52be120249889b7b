/** A store of a million rows behind serve-stats: rows are sent as they are read. */

import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { peakMemory, type Served, serving } from '../dashboard/serving.ts';
import { csv, HEADER } from '../stores/rows.ts';

const ROWS = 1_000_000;
const MAX_MEMORY_MB = 250;
/** What may be under way: the buffers of both programs and of the system. */
const UNDER_WAY_BYTES = 40_000_000;

/** A row of a minute of 2024, with its end in SQL. */
const MILLION = `
  INSERT INTO "stats" ("sensor", "window", "start", "end", "count", "min", "max", "avg")
  WITH RECURSIVE "minutes"(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM "minutes" WHERE n < ${ROWS - 1})
  SELECT 'attic', '1m', strftime('%Y-%m-%dT%H:%M:%SZ', '2024-01-01', n || ' minutes'),
    strftime('%Y-%m-%dT%H:%M:%SZ', '2024-01-01', (n + 1) || ' minutes'), 6, 20 + n % 5, 22 + n % 5, 21 + n % 5
  FROM "minutes"`;

async function servingMillion(): Promise<Served> {
  const served = await serving();
  const first = 'attic,1m,2024-01-01T00:00:00Z,2024-01-01T00:01:00Z,6,20,22,21';
  expect((await served.post(csv(HEADER, first))).status).toBe(200);
  const database = new DatabaseSync(served.store);
  database.exec(MILLION);
  database.close();
  return served;
}

it('it has begun to send before it has read them, and keeps none for a client that is slow', async () => {
  const served = await servingMillion();
  for (const path of ['/api/stats?points=all', '/api/stats.csv']) {
    const reader = (await served.ask(path)).body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBeGreaterThan(1000);
    // It answers others meanwhile, and stops reading when nobody takes what it has read.
    expect(await served.json('/healthz')).toEqual({ status: 'ok' });
    expect(peakMemory(served.child), path).toBeLessThan(MAX_MEMORY_MB);
    await reader?.cancel();
  }
  const body = (await served.ask('/api/stats?points=all')).body?.getReader();
  let bytes = (await body?.read())?.value?.length ?? 0;
  served.child.kill('SIGKILL');
  await served.end;
  const rest = async () => {
    for (let next = await body?.read(); next?.done === false; next = await body?.read())
      bytes += next.value.length;
  };
  await expect(rest()).rejects.toThrow();
  expect(bytes).toBeLessThan(UNDER_WAY_BYTES);
});

it('it sends all of them, or as many points as a chart has, in bounded memory', async () => {
  const served = await servingMillion();
  const text = await (await served.ask('/api/stats.csv')).text();
  expect(text.split('\n')).toHaveLength(ROWS + 2);
  const { series } = (await served.json('/api/stats?points=1000')) as {
    series: { thinned: boolean; rows: { rows: number }[] }[];
  };
  expect(series[0]?.thinned).toBe(true);
  expect(series[0]?.rows.length).toBeLessThanOrEqual(1000);
  expect(series[0]?.rows.reduce((sum, { rows }) => sum + rows, 0)).toBe(ROWS);
  expect(peakMemory(served.child)).toBeLessThan(MAX_MEMORY_MB);
});
