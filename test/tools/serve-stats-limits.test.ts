/** What one client can take from the others: its share, and no more. */

import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listening, peakMemory, type Served, serving } from '../dashboard/serving.ts';
import { privateFolder, until } from '../harness.ts';
import { csv, HEADER, hourly, readSqlite } from '../stores/rows.ts';

const MAX_MEMORY_MB = 300;
/** For what reads all of a large store. */
const LONG_MS = 60_000;

const json = (hour: number, further: Record<string, number> = {}) => {
  const [sensor, window, start, end, count, min, max, avg] = hourly('attic', hour).split(',');
  return JSON.stringify({ sensor, window, start, end, count, min, max, avg, ...further });
};

const sensorRows = (count: number) =>
  csv(HEADER, ...Array.from({ length: count }, (_, at) => hourly(`s${`${at}`.padStart(5, '0')}`, 0)));

interface SensorList {
  readonly series: readonly { readonly sensor: string; readonly rows: number }[];
  readonly next?: string;
}

async function listAll(served: Served, query = ''): Promise<SensorList[]> {
  const pages: SensorList[] = [];
  for (let after: string | undefined = ''; after !== undefined; after = pages.at(-1)?.next) {
    const from = after === '' ? query : `${query}&${new URLSearchParams({ after })}`;
    pages.push((await served.json(`/api/sensors?${from}`)) as SensorList);
  }
  return pages;
}

describe('columns', () => {
  it.each(['stats.db', 'stats.csv'])('of 12,000 rows with one each are too many: %s', async (name) => {
    const served = await serving([], { store: join(await privateFolder(), name) });
    const rows = Array.from({ length: 12_000 }, (_, at) => json(at, { [`column${at}`]: 1 }));
    const answer = await served.post(csv(...rows), { 'content-type': 'application/x-ndjson' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error:
          'more than 1000 lines cannot be used, such as line 1249: all rows would have 257 columns, more than 256',
      },
    ]);
    expect((await served.ask('/healthz')).status).toBe(200);
    expect(await served.json('/api/sensors')).toMatchObject({ series: [] });
    expect(peakMemory(served.child)).toBeLessThan(MAX_MEMORY_MB);
  });

  it('of a header are too many, and those of a row, and those that a store would have', async () => {
    const served = await serving();
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `c${from + at}`);
    const wide = (from: number, to: number) =>
      csv(
        [HEADER, ...names(from, to)].join(),
        [hourly('attic', from), ...names(from, to).map(() => 1)].join(),
      );
    const refused = await served.post(wide(0, 1900));
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: 'line:1: 1908 columns, more than 256' },
    ]);
    expect((await served.post(wide(0, 248))).status).toBe(200);
    const one = await served.post(csv(json(900), json(901, { other: 1 }), json(902, { c0: 1 })));
    expect([one.status, await one.json()]).toEqual([
      200,
      {
        ...{ inserted: 2, replaced: 0, kept: 0 },
        rejected: [{ line: 2, error: 'it would have 257 columns, more than 256' }],
      },
    ]);
    expect(readSqlite(served.store)).toHaveLength(3);
  });
});

/** Asks for all metrics and then for the server's health. @returns whether the latter came first, as it does if both have begun */
async function isAskedMeanwhile(served: Served): Promise<boolean> {
  let isHealthy = false;
  const metrics = served.ask('/metrics').then(async (answer) => {
    expect((await answer.text()).match(/^etl_rows\{/gm)).toHaveLength(10_001);
    return isHealthy;
  });
  await sleep(20);
  expect((await served.ask('/healthz')).status).toBe(200);
  isHealthy = true;
  return metrics;
}

describe('10,001 sensors', () => {
  it(
    'are listed page by page, and hold up nothing',
    async () => {
      const served = await serving();
      const { events } = await listening(served);
      await until(() => events.length === 1, 'hello');
      expect((await served.post(sensorRows(10_001))).status).toBe(200);
      while (!(await isAskedMeanwhile(served)));
      const pages = await listAll(served);
      expect(pages.map(({ series }) => series.length)).toEqual([...Array(10).fill(1000), 1]);
      const names = pages.flatMap(({ series }) => series.map(({ sensor }) => sensor));
      expect(names).toEqual([...names].sort());
      expect(new Set(names).size).toBe(10_001);
      expect((await listAll(served, 'limit=777')).map(({ series }) => series.length)).toEqual([
        ...Array(12).fill(777),
        677,
      ]);
      // What is too much to tell is told as a list.
      await until(() => events.length === 2, 'an event', LONG_MS);
      expect(events[1]?.event).toBe('hello');
      expect(events[1]?.data.series).toHaveLength(1000);
      await served.post(csv(HEADER, hourly('s09999', 1)));
      await until(() => events.length === 3, 'a change', LONG_MS);
      expect(events[2]).toMatchObject({ event: 'change', data: { series: [{ sensor: 's09999', rows: 2 }] } });
      expect(peakMemory(served.child)).toBeLessThan(MAX_MEMORY_MB);
    },
    3 * LONG_MS,
  );

  it('with long columns fill shorter pages', async () => {
    const served = await serving();
    const long = Array.from({ length: 40 }, (_, at) => `${hourly(`s${at}`, 0)},${'x'.repeat(100_000)}`);
    expect((await served.post(csv(`${HEADER},note`, ...long))).status).toBe(200);
    const pages = await listAll(served);
    expect(pages.map(({ series }) => series.length)).toEqual([10, 10, 10, 10]);
  });

  it('are not listed by a query that says it wrong', async () => {
    const served = await serving();
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=x',
      'after=x',
      'after=[1,2]',
      'after={}',
      'after=null',
      'after=["a"]',
    ]) {
      const { status } = await served.ask(`/api/sensors?${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
  });
});

describe('one client', () => {
  it('has a quarter of the places for listeners', async () => {
    const served = await serving(['--behind-proxy'], { env: { ETL_TOKEN: 'token' } });
    const answers: Response[] = [];
    const listen = async (client: string) => {
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const headers = { 'x-forwarded-for': client };
      const answer = await served.ask('/api/events', { headers, signal: stop.signal });
      // One that nobody refers to any more would be closed.
      answers.push(answer);
      return answer.status;
    };
    const opened = await Promise.all(Array.from({ length: 250 }, () => listen('10.0.0.1')));
    expect(new Set(opened)).toEqual(new Set([200]));
    expect([await listen('10.0.0.1'), await listen('10.0.0.2'), await listen('6.6.6.6, 10.0.0.1')]).toEqual([
      429, 200, 429,
    ]);
    expect((await served.ask('/api/sensors', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(
      200,
    );
  });

  it('has a part of the bytes of bodies', async () => {
    const served = await serving(['--behind-proxy', '--max-body', '6M'], { env: { ETL_TOKEN: 'token' } });
    const { hostname, port } = new URL(served.url);
    const sent = 5 << 20;
    // A body of which the last byte does not come.
    const slow = connect(Number(port), hostname);
    onTestFinished(() => void slow.destroy());
    slow.write(
      `POST /api/stats HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token\r\nContent-Type: text/csv\r\n` +
        `X-Forwarded-For: 10.0.0.1\r\nContent-Length: ${sent}\r\n\r\n`,
    );
    await new Promise((resolve) => slow.write('#'.repeat(sent - 1), resolve));
    const post = async (client: string) => {
      const headers = { authorization: 'Bearer token', 'x-forwarded-for': client };
      const answer = await served.post(csv(HEADER, hourly('a', 0), '#'.repeat(4 << 20)), headers);
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    await until(() => slow.bytesWritten >= sent, 'sent');
    for (;;) {
      const [status, error] = await post('10.0.0.1');
      // It may not have read all of the first one yet.
      if (status === 200) continue;
      expect([status, error]).toEqual([429, 'bytes of posts: too many from one address']);
      break;
    }
    expect((await post('10.0.0.2'))[0]).toBe(200);
  });

  it('that goes away gives back what it had', async () => {
    const served = await serving();
    await served.post(sensorRows(50));
    const { hostname, port } = new URL(served.url);
    for (let times = 0; times < 2; times++) {
      const socket = connect(Number(port), hostname);
      // Many at once on one connection: most of their answers never begin.
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100));
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
    }
    while ((await served.ask('/api/sensors?limit=1')).status !== 200) await sleep(20);
    const answers = await Promise.all(Array.from({ length: 100 }, () => served.ask('/api/sensors?limit=1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('gets 429 for more requests at once than its share', async () => {
    const served = await serving();
    const { hostname, port } = new URL(served.url);
    // Bodies that do not come.
    const slow = Array.from({ length: 128 }, () => connect(Number(port), hostname));
    onTestFinished(() => {
      for (const socket of slow) socket.destroy();
    });
    for (const socket of slow)
      socket.write(
        'POST /api/stats HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 10\r\n\r\n',
      );
    let answer = await served.ask('/api/sensors');
    for (; answer.status === 200; answer = await served.ask('/api/sensors')) await sleep(20);
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      ...[429, '10', { error: 'requests: too many from one address' }],
    ]);
    expect((await served.ask('/healthz')).status).toBe(200);
    for (const socket of slow.slice(0, 2)) socket.destroy();
    while ((await served.ask('/api/sensors')).status !== 200) await sleep(20);
  });
});
