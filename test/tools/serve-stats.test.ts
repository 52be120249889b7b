import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listening, peakMemory, raw, rolling, rollingRows, serving } from '../dashboard/serving.ts';
import { privateFolder, run, until } from '../harness.ts';
import { csv, HEADER, hourly, readSqlite } from '../stores/rows.ts';
import { sized } from '../thorough.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const hours = (sensor: string, count: number) =>
  csv(HEADER, ...Array.from({ length: count }, (_, hour) => hourly(sensor, hour)));

interface Rows {
  readonly series: readonly {
    readonly sensor: string;
    readonly window: string;
    readonly step: number | null;
    readonly thinned: boolean;
    readonly rows: readonly Record<string, unknown>[];
  }[];
}

describe('serve-stats', () => {
  it('prints its address, serves the page, and ends by a signal with all that it accepted', async () => {
    const served = await serving();
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await served.ask('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toMatch(/^<!doctype html>/);
    served.child.kill('SIGTERM');
    expect(await served.end).toEqual({
      status: null,
      signal: 'SIGTERM',
      stdout: `${served.url}\n`,
      stderr: '',
    });
  });

  it('sends the headers of safety with everything', async () => {
    const served = await serving();
    for (const path of [
      '/',
      '/api/sensors',
      '/api/stats.csv',
      '/api/stats?x',
      '/nothing',
      '/api/openapi.json',
    ]) {
      const { headers } = await served.ask(path);
      expect(headers.get('content-security-policy'), path).toBe(POLICY);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBe(null);
    }
  });

  it('lets a browser keep the page as long as it is the same', async () => {
    const served = await serving();
    const tag = (await served.ask('/')).headers.get('etag') ?? '';
    const again = await served.ask('/', { headers: { 'if-none-match': tag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await served.ask('/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('serves a store that is not there yet, and touches nothing', async () => {
    const served = await serving();
    expect(await served.json('/api/sensors')).toMatchObject({ series: [] });
    expect(await served.json('/api/stats')).toEqual({ series: [] });
    expect(await (await served.ask('/api/stats.csv')).text()).toBe('');
    expect(await served.json('/healthz')).toEqual({ status: 'ok' });
    expect(readSqlite(served.store)).toEqual([]);
  });

  it('is the server that load-stats posts to; twice is once', async () => {
    const served = await serving();
    const load = () => run('load-stats', ['--to', `${served.url}api/stats`], { stdin: hours('attic', 3) });
    expect(await load()).toMatchObject({ status: 0, stderr: '' });
    const once = await served.json('/api/stats');
    expect(await load()).toMatchObject({ status: 0, stderr: '' });
    expect(await served.json('/api/stats')).toEqual(once);
    expect(readSqlite(served.store)).toHaveLength(3);
  });

  it('says what became of the rows, line by line', async () => {
    const served = await serving();
    const rows = csv(HEADER, hourly('a', 0), hourly('a', 1, 0), 'half a li', hourly('a', 2));
    const answer = await served.post(rows);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        ...{ inserted: 2, replaced: 0, kept: 0 },
        rejected: [
          { line: 3, error: 'count is zero' },
          { line: 4, error: 'row has 1 field, its header 8' },
        ],
      },
    ]);
    const again = await served.post(csv(HEADER, hourly('a', 0, 61), hourly('a', 2, 1)));
    expect(await again.json()).toMatchObject({ inserted: 0, replaced: 1, kept: 1 });
    const replaced = await served.post(csv(HEADER, hourly('a', 0, 1)), {}, '?on-conflict=replace');
    expect(await replaced.json()).toMatchObject({ replaced: 1 });
    const skipped = await served.post(csv(HEADER, hourly('a', 0, 99)), {}, '?on-conflict=skip');
    expect(await skipped.json()).toMatchObject({ kept: 1 });
  });

  it('takes NDJSON, and nothing at all', async () => {
    const served = await serving();
    const { stdout } = await run('load-stats', ['--dry-run', '--json'], { stdin: hours('a', 2) });
    const answer = await served.post(stdout, { 'content-type': 'application/x-ndjson; charset=UTF-8' });
    expect(await answer.json()).toMatchObject({ inserted: 2 });
    for (const nothing of ['', `${HEADER}\n`])
      expect(await (await served.post(nothing)).json()).toMatchObject({ inserted: 0, rejected: [] });
  });

  it('takes text by the rule of all tools', async () => {
    const served = await serving();
    const line = (sensor: string) => hourly(sensor, 0);
    const object = (text: string) =>
      `{"sensor":${text},"window":"1h","start":null,"end":"2026-01-01T01:00:00Z","count":1,"min":1,"max":1,"avg":1}`;
    const body = csv(
      HEADER,
      ...[line('"a\nb"'), line('"a\r\nb"')],
      ...[line('Malm\xf6'), line('a\0b')],
      ...[object('"t\\ud801"'), object('"a\\u0000b"'), object('"a","sensor":"b"')],
    );
    const answer = await served.post(Buffer.from(body, 'latin1'));
    expect(await answer.json()).toEqual({
      ...{ inserted: 2, replaced: 0, kept: 0 },
      rejected: [
        { line: 6, error: 'sensor is not UTF-8: "Malm\ufffd"' },
        { line: 7, error: 'sensor has a NUL: "a\\u0000b"' },
        { line: 8, error: 'sensor has an unpaired surrogate: "t\ufffd"' },
        { line: 9, error: 'sensor has a NUL: "a\\u0000b"' },
        { line: 10, error: expect.stringContaining('quotes do not match') },
      ],
    });
    expect(readSqlite(served.store).map(({ sensor }) => sensor)).toEqual(['a\nb', 'a\r\nb']);
    const rows = await (await served.ask('/api/stats.csv')).text();
    const { stdout, stderr } = await run('load-stats', ['--dry-run'], { stdin: rows });
    expect([stdout, stderr]).toEqual([rows, '']);
  });

  it.each([
    ['short lines', 'x\n'],
    ['open quotes', '"\n'],
    ['open braces', '{\n'],
  ])('gives up on a body of %s', async (_, line) => {
    const served = await serving();
    const answer = await served.post(`${hours('a', 1)}${line.repeat(1_000_000)}`);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: string };
    expect(error).toMatch(/^more than 1000 lines cannot be used, such as line 1003: /);
    expect(await served.json('/api/sensors')).toMatchObject({ series: [] });
    expect(peakMemory(served.child)).toBeLessThan(250);
  });

  it.each<[number, string, string, Record<string, string>, string]>([
    [400, 'no line can be used: line 2: count is zero', csv(HEADER, hourly('a', 0, 0)), {}, ''],
    [400, 'line:1: column "count" is missing', 'sensor,window,start,end\n', {}, ''],
    [400, 'line:3: column "start" is missing', csv(HEADER, hourly('a', 0), 'sensor,window,end,min'), {}, ''],
    [400, 'line:1: column "sensor" is missing', '\0\xff\0[]\n', {}, ''],
    [400, 'on-conflict is not one of more, replace, skip', hours('a', 1), {}, '?on-conflict=less'],
    [400, 'unknown parameter: "onconflict"', hours('a', 1), {}, '?onconflict=more'],
    [400, 'the query is not percent-encoded UTF-8', hours('a', 1), {}, '?on-conflict=%'],
    [413, 'the body is longer than 2048 bytes', hours('a', 50), {}, ''],
    [
      415,
      'neither text/csv nor application/x-ndjson in UTF-8: "text/plain"',
      hours('a', 1),
      { 'content-type': 'text/plain' },
      '',
    ],
    [
      415,
      'neither text/csv nor application/x-ndjson in UTF-8: ""',
      hours('a', 1),
      { 'content-type': '' },
      '',
    ],
    [
      415,
      'neither text/csv nor application/x-ndjson in UTF-8: "text/csv; charset=latin1"',
      hours('a', 1),
      { 'content-type': 'text/csv; charset=latin1' },
      '',
    ],
    [415, 'the body is encoded: "gzip"', hours('a', 1), { 'content-encoding': 'gzip' }, ''],
    [403, 'a page of another origin may not post', hours('a', 1), { origin: 'http://evil.example' }, ''],
    [403, 'a page of another origin may not post', hours('a', 1), { origin: 'null' }, ''],
    [403, 'a page of another origin may not post', hours('a', 1), { 'sec-fetch-site': 'cross-site' }, ''],
  ])('refuses a post with %i: %s', async (status, error, body, headers, query) => {
    const served = await serving(['--max-body', '2K']);
    const answer = await served.post(body, headers, query);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json']);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ error });
    expect(text.indexOf('\n')).toBe(text.length - 1);
    // It lives on, and nothing was loaded.
    expect(await served.json('/api/sensors')).toMatchObject({ series: [] });
    expect((await served.post(hours('a', 1))).status).toBe(200);
  });

  it('refuses a body that is too long also when its length is not known before', async () => {
    const served = await serving(['--max-body', '64K']);
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(Buffer.alloc(16_384, 'x\n')) });
    const request = {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'text/csv' },
    };
    const answer = await served.ask('/api/stats', request as RequestInit);
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error: 'the body is longer than 65536 bytes' },
    ]);
    expect(await served.json('/healthz')).toEqual({ status: 'ok' });
  });

  it.each([
    ['/api/stats?points=1', 'points is not a whole number from 2 to 20000, or all: "1"'],
    ['/api/stats?points=1e9', 'points is not a whole number from 2 to 20000, or all: "1e9"'],
    ['/api/stats?points=20001', 'points is not a whole number from 2 to 20000, or all: "20001"'],
    ['/api/stats?points=', 'points is not a whole number from 2 to 20000, or all: ""'],
    ['/api/stats?points=5&points=6', 'points is given more than once'],
    ['/api/stats?from=yesterday', 'from is not a time: "yesterday"'],
    ['/api/stats?to=1e400', 'to is not a time: "1e400"'],
    ['/api/stats?from=9&to=8', 'from is after to'],
    ['/api/stats?__proto__=1', 'unknown parameter: "__proto__"'],
    ['/api/stats?sensor=%ff', 'the query is not percent-encoded UTF-8'],
    ['/api/stats?sensor=%E0%A4', 'the query is not percent-encoded UTF-8'],
    ['/api/sensors?sensor=a', 'unknown parameter: "sensor"'],
  ])('refuses %s with 400', async (path, error) => {
    const served = await serving();
    const answer = await served.ask(path);
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });

  it('knows its paths and their methods', async () => {
    const served = await serving();
    for (const path of [
      '/nothing',
      '/index.html',
      '/../package.json',
      '/%2e%2e/package.json',
      '/api/',
      '/..%2f',
      '/%',
    ])
      expect([path, (await served.ask(path)).status]).toEqual([path, 404]);
    const wrong = await served.ask('/api/stats', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect(await wrong.json()).toEqual({ error: 'DELETE is not allowed on this path' });
    expect((await served.ask('/', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
    for (const path of ['/', '/api/sensors', '/api/stats', '/api/events', '/metrics']) {
      const head = await served.ask(path, { method: 'HEAD' });
      expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
    }
    expect(await (await served.ask('/metrics')).text()).toContain('etl_event_listeners 0\n');
  });

  it('answers only to names of this machine', async () => {
    const served = await serving();
    const { port } = new URL(served.url);
    const ask = (host: string) =>
      raw(served.url, `GET /api/sensors HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:1', '[::1]:80', 'LOCALHOST'])
      expect([host, (await ask(host)).split('\r\n')[0]]).toEqual([host, 'HTTP/1.1 200 OK']);
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil:80', '10.0.0.1', '[::2]'])
      expect([host, (await ask(host)).split('\r\n')[0]]).toEqual([host, 'HTTP/1.1 403 Forbidden']);
    const health = await raw(served.url, 'GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n');
    expect(health).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it.each([
    ['GARBAGE\r\n\r\n', '400 Bad Request', 'not HTTP'],
    ['GET / HTTP/1.1\r\n\r\n', '400 Bad Request', ''],
    ['GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', '400 Bad Request', ''],
    ['GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '400 Bad Request', ''],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n', '400 Bad Request', 'not HTTP'],
    [
      `GET /?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'the address or the headers are too long',
    ],
    [
      'POST /api/stats HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 Bad Request',
      'not HTTP',
    ],
  ])('answers what is hardly HTTP: %j', async (bytes, status, error) => {
    const served = await serving();
    const text = await raw(served.url, bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
    expect(text).toContain(error);
    expect(await served.json('/healthz')).toEqual({ status: 'ok' });
  });

  it('answers requests that come at once one after the other, up to the first that is none', async () => {
    const served = await serving();
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const both = await raw(
      served.url,
      get('/healthz') + get('/api/sensors').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    expect(both.match(/^\{.*/gm)).toEqual(['{"status":"ok"}', expect.stringContaining('"series":[]')]);
    const broken = await raw(served.url, `${get('/healthz')}GARBAGE\r\n\r\n`);
    expect(broken).not.toContain('not HTTP');
    expect(await served.json('/healthz')).toEqual({ status: 'ok' });
  });

  it('gives rows as JSON, of a range, of some sensors', async () => {
    const served = await serving();
    await served.post(hours('attic', 5) + hours('cellar', 2) + rollingRows('attic', 3));
    const { series } = (await served.json('/api/stats')) as Rows;
    expect(
      series.map(({ sensor, window, step, thinned, rows }) => [sensor, window, step, thinned, rows.length]),
    ).toEqual([
      ['attic', '1h', 3600, false, 5],
      ['cellar', '1h', 3600, false, 2],
    ]);
    expect(series[0]?.rows[0]).toEqual({
      ...{ sensor: 'attic', window: '1h', start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z' },
      ...{ count: 60, min: 20.5, max: 21.75, avg: 21.125 },
    });
    const ends = async (query: string) =>
      ((await served.json(`/api/stats?${query}`)) as Rows).series.flatMap(({ rows }) =>
        rows.map(({ sensor, end }) => `${sensor} ${String(end).slice(11, 16)}`),
      );
    expect(await ends('sensor=cellar')).toEqual(['cellar 01:00', 'cellar 02:00']);
    expect(
      await ends('sensor=cellar&sensor=attic&from=2026-01-01T02:00:00Z&to=2026-01-01T03:00:00Z'),
    ).toEqual(['attic 02:00', 'cellar 02:00']);
    expect(await ends('sensor=attic&from=2026-01-01T06:00:00+02:00')).toEqual(['attic 04:00', 'attic 05:00']);
    expect(await ends('sensor=attic&from=1767240000')).toEqual(['attic 04:00', 'attic 05:00']);
    expect(await ends('window=all')).toEqual(['attic 00:00', 'attic 00:01', 'attic 00:02']);
    await served.post(rollingRows('loft', 1));
    expect(await ends('sensor=loft')).toEqual(['loft 00:00']);
    expect(await ends('sensor=nobody')).toEqual([]);
    expect(await ends('window=7d')).toEqual([]);
  });

  it('thins what is more than the points, keeping minimum, maximum and counts', async () => {
    const served = await serving();
    const value = (minute: number) => (minute === 1234 ? -40 : minute === 2345 ? 90 : 20 + (minute % 7));
    await served.post(rollingRows('attic', 3000, value));
    const { series } = (await served.json('/api/stats?window=all&points=100')) as Rows;
    const [{ step, thinned, rows } = { step: 0, thinned: false, rows: [] }] = series;
    expect([step, thinned, rows.length]).toEqual([1800, true, 100]);
    expect(Math.min(...rows.map(({ min }) => Number(min)))).toBe(-41);
    expect(Math.max(...rows.map(({ max }) => Number(max)))).toBe(91);
    expect(rows.reduce((sum, row) => sum + Number(row.rows), 0)).toBe(3000);
    expect(rows.some((row) => 'gap' in row)).toBe(false);
    expect(((await served.json('/api/stats?window=all&points=3000')) as Rows).series[0]?.thinned).toBe(false);
    expect(((await served.json('/api/stats?window=all&points=all')) as Rows).series[0]?.rows).toHaveLength(
      3000,
    );
    const inSteps = async (query: string) => {
      const [{ step, thinned, rows } = { step: 0, thinned: false, rows: [] }] = (
        (await served.json(`/api/stats?window=all&${query}`)) as Rows
      ).series;
      return [step, thinned, rows.length];
    };
    expect(await inSteps('points=all&step=86400')).toEqual([86_400, true, 3]);
    expect(await inSteps('points=2&step=60')).toEqual([172_800, true, 2]);
    expect(await inSteps('points=3000&step=60')).toEqual([60, false, 3000]);
  });

  it('marks the row after a gap, thinned or not', async () => {
    const served = await serving();
    const minutes = [...Array(50).keys(), 51, ...Array.from({ length: 100 }, (_, at) => at + 120)];
    await served.post(csv(HEADER, ...minutes.map((minute) => rolling('attic', minute))));
    const gaps = async (points: string) =>
      ((await served.json(`/api/stats?window=all&points=${points}`)) as Rows).series[0]?.rows
        .filter(({ gap }) => gap === true)
        .map(({ start }) => start);
    expect(await gaps('all')).toEqual(['2025-12-31T23:52:00Z', '2026-01-01T01:01:00Z']);
    expect(await gaps('50')).toEqual(['2026-01-01T01:01:00Z']);
  });

  it('gives the CSV that load-stats takes', async () => {
    const served = await serving();
    const rows = csv(`${HEADER},p95,note`, `${hourly('at"t,ic', 0)},21.5,"a\nb"`, `${hourly('b', 1)},,`);
    await served.post(rows);
    const answer = await served.ask('/api/stats.csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = await answer.text();
    const copy = join(await privateFolder(), 'copy.db');
    expect(await run('load-stats', ['--to', copy], { stdin: text })).toMatchObject({ status: 0, stderr: '' });
    expect(readSqlite(copy)).toEqual(readSqlite(served.store));
    expect(await (await served.ask('/api/stats', { headers: { accept: 'text/csv' } })).text()).toBe(text);
    const thinned = await (await served.ask('/api/stats.csv?points=2&window=1h')).text();
    expect(thinned.split('\n')[0]).toBe(`${HEADER},rows,missing`);
  });

  it('takes any name for a name', async () => {
    const served = await serving();
    const names = [
      '<script>alert(1)</script>',
      '__proto__',
      'a\nb',
      'a"b\\',
      '\u2028',
      '../..',
      '',
      '% &?#',
      '温度',
    ];
    const input = names.map((sensor, hour) =>
      JSON.stringify({
        ...JSON.parse(
          '{"sensor":"","window":"1h","start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z","count":1,"min":1,"max":1,"avg":1}',
        ),
        sensor,
        hour,
      }),
    );
    expect((await served.post(csv(...input), { 'content-type': 'application/x-ndjson' })).status).toBe(200);
    const known = (await served.json('/api/sensors')) as Rows;
    expect(known.series.map(({ sensor }) => sensor).sort()).toEqual([...names].sort());
    for (const name of names) {
      const { series } = (await served.json(`/api/stats?sensor=${encodeURIComponent(name)}`)) as Rows;
      expect(series.map(({ sensor, rows }) => [sensor, rows[0]?.sensor])).toEqual([[name, name]]);
    }
    const { events } = await listening(served);
    await until(() => events.length > 0, 'hello');
    expect(events[0]?.data.series).toHaveLength(names.length);
    expect(await (await served.ask('/metrics')).text()).toContain('etl_rows{sensor="a\\nb",window="1h"} 1\n');
  });
});

describe('serve-stats keeps strangers out', () => {
  it.each<[string, string[], Record<string, string>]>([
    ['$ETL_TOKEN', [], { ETL_TOKEN: 's3cret' }],
    ['--token-file', ['--token-file', 'token'], { ETL_TOKEN: 'other' }],
  ])('takes posts only with the token of %s, on loopback too', async (_, words, env) => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'token'), 's3cret\r\n');
    const served = await serving(words, { cwd, env });
    const post = async (authorization?: string) => {
      const answer = await served.post(hours('a', 1), authorization === undefined ? {} : { authorization });
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    expect(await post()).toEqual([401, 'posting needs a bearer token']);
    for (const wrong of [
      'Bearer s3cre',
      'Bearer s3cret2',
      'Bearer',
      'Basic s3cret',
      's3cret',
      `Bearer ${'x'.repeat(8000)}`,
    ])
      expect(await post(wrong)).toEqual([401, 'wrong token']);
    expect(await post('bearer s3cret')).toEqual([200, undefined]);
    const load = await run('load-stats', ['--to', `${served.url}api/stats`], {
      stdin: hours('a', 2),
      env: { ETL_TOKEN: 's3cret' },
    });
    expect(load).toMatchObject({ status: 0, stderr: '' });
    const refused = await run('load-stats', ['--to', `${served.url}api/stats`], { stdin: hours('a', 2) });
    expect(refused).toMatchObject({
      status: 69,
      stderr: expect.stringContaining('posting needs a bearer token'),
    });
    // Reading is free.
    expect((await served.ask('/api/stats')).status).toBe(200);
  });

  it('takes no posts from other machines without a token', async () => {
    const served = await serving(['--host', '0.0.0.0']);
    const url = served.url.replace('0.0.0.0', '127.0.0.1');
    const answer = await fetch(`${url}api/stats`, { method: 'POST', body: hours('a', 1) });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.json()).toEqual({
      error: 'posting is off: start the server with $ETL_TOKEN or --token-file',
    });
    served.child.kill('SIGTERM');
    expect(await served.end).toMatchObject({
      stderr: 'serve-stats: posting is off, since there is no token: see --token-file\n',
    });
  });

  it.each([
    ['no-such', 66, 'no-such: no such file or directory'],
    ['empty', 64, 'empty: there is no token in it'],
    ['two', 64, 'two: not a token: it must be one line of ASCII without blanks'],
  ])('does not start with the token of %s', async (file, status, message) => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'empty'), '\n');
    await writeFile(join(cwd, 'two'), 's3cret\nmore\n');
    for (const option of ['--token-file', '--read-token-file'])
      expect(await run('serve-stats', ['--port', '0', option, file], { cwd })).toEqual({
        ...{ status, signal: null, stdout: '', stderr: `serve-stats: ${message}\n` },
      });
  });
});

describe('serve-stats starts and ends', () => {
  it('with one line when the port is in use (75) or cannot be had (69)', async () => {
    const { url } = await serving();
    const { port } = new URL(url);
    expect(await run('serve-stats', ['--port', port])).toMatchObject({
      ...{ status: 75, stdout: '', stderr: `serve-stats: 127.0.0.1:${port}: address already in use\n` },
    });
    expect(await run('serve-stats', ['--port', '0', '--host', '192.0.2.1'])).toMatchObject({
      status: 69,
      stdout: '',
    });
  });

  it.each([
    [['--port', '65536'], 'port: not a whole number from 0 to 65535: "65536"'],
    [['--max-body', '1.1G'], 'max-body: more than 1G: "1.1G"'],
    [['--max-body', '0'], 'max-body: not a size: "0"'],
    [
      ['http://host/api/stats'],
      'rows cannot be read from a server, only from its database: "http://host/api/stats"',
    ],
    [['ftp://host/'], 'unknown store: "ftp://host/"'],
  ])('refuses %j (64)', async (words, message) => {
    const { status, stdout, stderr } = await run('serve-stats', words);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toContain(message);
  });

  it('with the store of $ETL_STORE, which may be a CSV file', async () => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'hours.csv'), hours('attic', 2));
    const child = await serving([], { cwd, store: 'hours.csv', env: { ETL_STORE: 'other' } });
    expect(((await child.json('/api/stats')) as Rows).series[0]?.rows).toHaveLength(2);
    expect((await child.post(hours('attic', 3))).status).toBe(200);
    expect(((await child.json('/api/stats')) as Rows).series[0]?.rows).toHaveLength(3);
  });

  it('with --verbose and a line for each request', async () => {
    const served = await serving(['-v']);
    await served.ask('/api/stats?sensor=%0a');
    await served.ask('/nothing');
    served.child.kill('SIGINT');
    const { signal, stderr } = await served.end;
    expect(signal).toBe('SIGINT');
    expect(stderr.replaceAll(/\d+ ms/g, 'N ms')).toBe(
      'serve-stats: 127.0.0.1 GET /api/stats?sensor=%0a 200 N ms\nserve-stats: 127.0.0.1 GET /nothing 404 N ms\n',
    );
  });

  it('in the middle of posts: what was answered is in the store, and what came is answered', async () => {
    const served = await serving();
    const { hostname, port } = new URL(served.url);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const body = csv(HEADER, hourly(`s${at}`, at));
        const socket = connect(Number(port), hostname);
        let answer = '';
        socket.on('data', (chunk) => {
          answer += chunk.toString();
        });
        const closed = new Promise((resolve) => socket.on('close', resolve));
        // All but the last byte: it has been accepted, and is not done.
        socket.write(
          `POST /api/stats HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        await new Promise((resolve) => socket.write(body.slice(0, -1), resolve));
        return { socket, closed, answer: () => answer };
      }),
    );
    // The server has read of them what there is.
    await served.json('/healthz');
    await served.json('/healthz');
    served.child.kill('SIGTERM');
    // It has heard it when it takes no more connections.
    const isOpen = () =>
      served.ask('/healthz').then(
        () => true,
        () => false,
      );
    while (await isOpen());
    expect(served.child.exitCode).toBe(null);
    for (const { socket } of answers) socket.write('\n');
    await Promise.all(answers.map(({ closed }) => closed));
    for (const { answer } of answers) expect(answer()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"inserted":1/);
    expect(await served.end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(readSqlite(served.store)).toHaveLength(20);
  });

  it('loads nothing of rows whose columns do not stand in one table', async () => {
    const served = await serving();
    const rows = csv(`${HEADER},p95`, `${hourly('a', 0)},1`, `${HEADER},P95`, `${hourly('a', 1)},1`);
    const answer = await served.post(rows);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'columns "p95" and "P95" have the same name' },
    ]);
    expect(readSqlite(served.store)).toEqual([]);
  });

  it('loads nothing of a body that breaks off', async () => {
    const served = await serving();
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) =>
      socket.write(
        `POST /api/stats HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 9999\r\n\r\n${hours('a', 3)}`,
        resolve,
      ),
    );
    await served.json('/healthz');
    socket.destroy();
    await until(() => socket.closed, 'it is closed');
    expect((await served.post(hours('b', 1))).status).toBe(200);
    expect(readSqlite(served.store)).toHaveLength(1);
    served.child.kill('SIGTERM');
    expect(await served.end).toMatchObject({ stderr: '' });
  });

  it('lives on while the store cannot be read or written, and says so once', async () => {
    const store = join(await privateFolder(), 'stats.db');
    await mkdir(store);
    const served = await serving([], { store });
    for (const path of ['/api/sensors', '/api/stats', '/metrics', '/api/events']) {
      const answer = await served.ask(path);
      expect([path, answer.status, await answer.json()]).toEqual([path, 500, { error: 'the store failed' }]);
    }
    expect((await served.ask('/healthz')).status).toBe(503);
    expect((await served.post(hours('a', 1))).status).toBe(500);
    expect((await served.ask('/')).status).toBe(200);
    served.child.kill('SIGTERM');
    const { stderr } = await served.end;
    expect(stderr).toMatch(/^serve-stats: .*stats\.db: .*\n(serve-stats: .*stats\.db: .*\n)?$/);
  });
});

describe('/metrics', () => {
  it('counts what was asked, by routes that are known', async () => {
    const served = await serving();
    await served.post(hours('attic', 2));
    for (let at = 0; at < 50; at++)
      await served.ask(`/nothing/${at}`, { method: at % 2 === 0 ? 'GET' : 'PROPFIND' });
    const answer = await served.ask('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain('etl_rows{sensor="attic",window="1h"} 2\n');
    expect(text).toMatch(/^etl_newest_row_age_seconds\{sensor="attic",window="1h"\} \d+(\.\d+)?$/m);
    expect(text).toContain('etl_http_requests_total{method="POST",route="/api/stats",status="200"} 1\n');
    expect(text).toContain('etl_http_requests_total{method="GET",route="other",status="404"} 25\n');
    expect(text).toContain('etl_http_requests_total{method="other",route="other",status="404"} 25\n');
    expect(text).toContain('etl_http_request_duration_seconds_count{route="other"} 50\n');
    expect(text).toContain('etl_errors_total 0\n');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) etl_\w+ .*|etl_\w+(\{.*\})? -?[0-9.e+-]+)$/);
  });
});

describe('events', () => {
  it('tell what changes, whoever changes it', async () => {
    const served = await serving();
    const { events, response } = await listening(served);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await until(() => events.length === 1, 'hello');
    expect(events[0]).toMatchObject({ event: 'hello', data: { series: [] } });
    await served.post(hours('attic', 2) + hours('cellar', 1));
    await until(() => events.length === 2, 'a change by a post');
    expect(events[1]).toMatchObject({
      event: 'change',
      data: { series: [{ sensor: 'attic', rows: 2 }, { sensor: 'cellar' }] },
    });
    await run('load-stats', ['--to', served.store], { stdin: hours('attic', 3) });
    await until(() => events.length === 3, 'a change by another process');
    expect(events[2]?.data.series).toMatchObject([{ sensor: 'attic', rows: 3, every: 3600 }]);
  });

  it('go on where a listener was', async () => {
    const served = await serving();
    await served.post(hours('attic', 1) + hours('cellar', 1));
    const first = await listening(served);
    await until(() => first.events.length === 1, 'hello');
    const id = first.events[0]?.id ?? '';
    first.stop();
    const other = await listening(served);
    await served.post(hours('attic', 2));
    await until(() => other.events.length === 2, 'a change');
    const second = await listening(served, id);
    await until(() => second.events.length === 1, 'what was missed');
    expect(second.events[0]).toMatchObject({ event: 'change', id: other.events[1]?.id });
    expect(second.events[0]?.data.series).toEqual(other.events[1]?.data.series);
    for (const unknown of ['0-1', `${id}0000`, 'nonsense', 'x'.repeat(5000)]) {
      const { events } = await listening(served, unknown);
      await until(() => events.length === 1, 'hello');
      expect(events[0]?.event).toBe('hello');
    }
  });

  it('reach many listeners while many clients post, and no row is lost', { tags: 'sized' }, async () => {
    const posting = sized(8, 50);
    const served = await serving();
    const listeners = await Promise.all(Array.from({ length: 4 * posting }, () => listening(served)));
    const clients = Array.from({ length: posting }, async (_, client) => {
      for (let at = 0; at < 10; at++) {
        const answer = await served.post(
          csv(HEADER, hourly(`s${client}`, at), hourly('all of them', 10 * client + at)),
        );
        expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ inserted: 2 })]);
      }
    });
    await Promise.all(clients);
    expect(readSqlite(served.store)).toHaveLength(20 * posting);
    const isTold = ({ events }: (typeof listeners)[number]) =>
      events.some(({ data }) =>
        data.series.some(({ sensor, rows }) => sensor === 'all of them' && rows === 10 * posting),
      );
    await until(() => listeners.every(isTold), 'all are told');
    expect(peakMemory(served.child)).toBeLessThan(250);
  });

  it('drop a listener that does not read, and the others do not notice', async () => {
    const served = await serving();
    const { hostname, port } = new URL(served.url);
    const deaf = connect(Number(port), hostname);
    deaf.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    deaf.pause();
    deaf.on('error', () => {});
    onTestFinished(() => void deaf.destroy());
    const { events } = await listening(served);
    const listeners = async () =>
      /^etl_event_listeners (\d+)/m.exec(await (await served.ask('/metrics')).text())?.[1];
    await until(() => events.length === 1, 'hello');
    expect(await listeners()).toBe('2');
    // All series change each time, under long names.
    const names = Array.from({ length: 40 }, (_, at) => `${at}${'x'.repeat(5000)}`);
    let count = 1;
    for (let left = '2'; left === '2'; left = (await listeners()) ?? '') {
      count += 1;
      await served.post(csv(HEADER, ...names.map((name) => hourly(name, 0, count))));
      const before = events.length;
      await until(() => events.length > before, 'the other is told');
    }
    expect(await listeners()).toBe('1');
    expect(peakMemory(served.child)).toBeLessThan(250);
  });

  it('end with the server', async () => {
    const served = await serving();
    const listener = await listening(served);
    served.child.kill('SIGTERM');
    expect(await served.end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    await until(() => listener.hasEnded, 'the stream has ended');
  });
});

describe('serve-stats --ahead', () => {
  const FUTURE = hourly('attic', 3).replaceAll('2026-', '2038-');

  it('rejects posted rows that begin far ahead of the clock', async () => {
    const { post } = await serving();
    const some = await post(csv(HEADER, FUTURE, hourly('attic', 0)));
    expect([some.status, await some.json()]).toEqual([
      200,
      {
        ...{ inserted: 1, replaced: 0, kept: 0 },
        rejected: [{ line: 2, error: 'row is more than 1h ahead of the clock: 2038-01-01T03:00:00Z' }],
      },
    ]);
    expect((await post(csv(HEADER, FUTURE))).status).toBe(400);
    const { post: any } = await serving(['--ahead', 'none']);
    expect((await any(csv(HEADER, FUTURE))).status).toBe(200);
  });

  // README: "A line or row that is more than `--ahead` (1h) in the future is rejected or left out: it never moves a
  // window, a chart or the newest row."
  it('does not let one that is stored be the newest', async () => {
    const { store, json, ask } = await serving();
    const rows = csv(HEADER, hourly('attic', 0), hourly('attic', 1), FUTURE, FUTURE.replace('attic', 'new'));
    expect(await run('load-stats', ['--to', store, '--ahead', 'none'], { stdin: rows })).toMatchObject({
      status: 0,
    });
    expect(await json('/api/sensors')).toMatchObject({
      series: [{ sensor: 'attic', to: '2026-01-01T02:00:00Z', latest: { end: '2026-01-01T02:00:00Z' } }],
    });
    expect(await json('/api/stats')).toMatchObject({
      series: [{ sensor: 'attic', rows: [{ end: '2026-01-01T01:00:00Z' }, { end: '2026-01-01T02:00:00Z' }] }],
    });
    // A copy of the store has all of it.
    expect((await (await ask('/api/stats.csv')).text()).split('\n')).toHaveLength(6);
  });
});
