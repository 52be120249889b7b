/** The page's side of a ledger, against a real schedule. */

import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type {
  GraphJson,
  GridJson,
  ItemsJson,
  JobsJson,
  LogEvent,
  RunDetailJson,
  RunsJson,
} from '../../src/dashboard/page/runs/runs-json.ts';
import { logFolderOf, logPath } from '../../src/ledger/log-path.ts';
import { type ToldEvent, toldBy } from '../dashboard/runs/asking.ts';
import { raw, type Served, serving } from '../dashboard/serving.ts';
import { until } from '../harness.ts';
import { job, NOON, newRun, openedLedger } from '../ledger/invented.ts';
import { scheduled, stop } from '../scheduled.ts';

const ODD = '../%2e <script> "€"';
/** Due on no day that a test sees; it prints until the file `go` is there. */
const CRONTAB = `#: name=attic
0 0 29 2 * printf '<script>\\033[1mone\\n'; until [ -s go ]; do sleep 0.02; done; echo two €; exit "$(cat go)"
#: name='${ODD}'
0 0 29 2 * true
`;

/** Its second task fails until the file `fixed` is there. */
const GRAPH = `owner: eve
tags: [weather]
env: {STATION: attic}
tasks:
  extract: {run: 'echo "$STATION"; echo extract >> ran'}
  load: {needs: [extract], run: 'echo load >> ran; test -e fixed'}
  count: {needs: [load], each: [a, b, c], run: 'echo "$ETL_ITEM"'}
`;

const post = async (
  served: Served,
  path: string,
  body: object = {},
  headers: Record<string, string> = {},
) => {
  const response = await served.ask(path, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  });
  return [response.status, await response.json()];
};

/** A schedule that runs, and a server that shows it. */
async function live() {
  const made = await scheduled(CRONTAB);
  await writeFile(made.file('weather.yaml'), GRAPH);
  const begin = () => made.begin(['crontab', 'weather.yaml']);
  const schedule = begin();
  await until(() => existsSync(made.file('runs.db')), 'a ledger');
  const served = await serving(['--ledger', made.file('runs.db')]);
  const jobs = () => served.json('/api/jobs') as Promise<JobsJson>;
  await eventually(async () => (await jobs()).live && (await jobs()).jobs.length === 3);
  const detail = (run: number) => served.json(`/api/runs/${run}`) as Promise<RunDetailJson>;
  const became = (run: number, state: string) => eventually(async () => (await detail(run)).state === state);
  return { ...made, begin, schedule, served, jobs, detail, became };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  let isSo = false;
  const look = async () => {
    for (;;) {
      isSo = await holds();
      if (isSo) return;
      await sleep(20);
    }
  };
  const looking = look();
  await until(() => isSo, 'what is asked for');
  await looking;
}

/** Listens to a stream of events until the test ends. */
async function listening(served: Served, path: string) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const { body } = await served.ask(path, { headers: { accept: 'text/event-stream' }, signal: end.signal });
  const events: ToldEvent[] = [];
  const finished = toldBy(body, events).catch(() => {});
  return { events, finished };
}

describe('serve-stats --ledger, beside a schedule', () => {
  it('runs a job, shows its log as it is written, retries it, and stops it', async () => {
    const { served, detail, became, file } = await live();
    const changes = await listening(served, '/api/runs/events');
    expect(await post(served, '/api/jobs/attic/run')).toEqual([202, { run: 1, message: 'queued' }]);
    await became(1, 'running');
    const log = await listening(served, '/api/runs/1/log');
    const text = () => log.events.map(({ data }) => (data as Partial<LogEvent>).text ?? '').join('');
    await until(() => text().includes(' O <script>\u001b[1mone\n'), 'the first line');
    writeFileSync(file('go'), '1');
    await log.finished;
    expect(text()).toMatch(/ O two €\n.*failed: exit status 1\n$/);
    expect(log.events.at(-1)?.event).toBe('end');
    const whole = await served.ask('/api/runs/1/log?task=attic&try=1');
    expect(await whole.text()).toBe(text());
    expect(whole.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    await became(1, 'failed');
    expect((await detail(1)).attempts).toMatchObject([{ number: 1, state: 'failed', status: 1 }]);
    // The first event is there at once; null is any run, since somebody has asked for one.
    const isOf = ({ data }: ToldEvent) => (data as { runs: number[] | null }).runs?.includes(1) ?? true;
    await until(() => changes.events.slice(1).some(isOf), 'an event');
    rmSync(file('go'));
    expect(await post(served, '/api/runs/1/retry')).toEqual([202, { run: 1, message: 'queued again' }]);
    await became(1, 'running');
    expect((await post(served, '/api/runs/1/retry'))[0]).toBe(409);
    expect(await post(served, '/api/runs/1/stop')).toEqual([202, { run: 1, message: 'stopping' }]);
    await became(1, 'failed');
    expect(await detail(1)).toMatchObject({ trigger: 'retry', reason: 'stopped' });
    expect(await post(served, '/api/runs/1/stop')).toEqual([409, { error: 'run 1 has ended: failed' }]);
  });

  it('pauses a job of any name, which is in the ledger with who did it', async () => {
    const { served, jobs, file } = await live();
    const path = `/api/jobs/${encodeURIComponent(ODD)}`;
    expect(await post(served, `${path}/pause`)).toEqual([202, { run: null, message: 'paused' }]);
    const pausedSince = async () => (await jobs()).jobs.find(({ name }) => name === ODD)?.paused;
    expect(await pausedSince()).not.toBeNull();
    expect((await post(served, `${path}/resume`))[0]).toBe(202);
    expect(await pausedSince()).toBeNull();
    const { ledger } = await openedLedger(file('runs.db'));
    const kept = await ledger.read(({ sql }) => sql('SELECT verb, job, who FROM request').all());
    expect(kept).toEqual(['pause', 'resume'].map((verb) => ({ verb, job: ODD, who: '127.0.0.1' })));
  });

  it('runs a graph, shows its tasks, and retries what failed and what follows it', async () => {
    const { served, jobs, detail, became, file, lines } = await live();
    expect((await jobs()).jobs.find(({ name }) => name === 'weather')).toMatchObject({
      ...{ kind: 'graph', words: 'by hand', owner: 'eve', tags: ['weather'], env: { STATION: 'attic' } },
    });
    expect(await post(served, '/api/jobs/weather/run', { env: { PATH: '/' } })).toEqual([
      400,
      { error: 'env declares no "PATH"' },
    ]);
    const roof = '<roof> "$(date)"';
    expect((await post(served, '/api/jobs/weather/run', { env: { STATION: roof } }))[0]).toBe(202);
    await became(1, 'failed');
    const states = async () => (await detail(1)).tasks.map(({ task, state }) => `${task} ${state}`);
    expect(await states()).toEqual(['extract success', 'load failed', 'count upstream_failed']);
    expect(await (await served.ask('/api/runs/1/log?task=extract')).text()).toContain(` O ${roof}\n`);
    expect((await post(served, '/api/runs/1/retry', { task: '../load' }))[0]).toBe(404);
    writeFileSync(file('fixed'), '');
    expect((await post(served, '/api/runs/1/retry', { task: 'load' }))[0]).toBe(202);
    await became(1, 'success');
    expect(await states()).toEqual(['extract success', 'load success', 'count success']);
    expect(lines('ran')).toEqual(['extract', 'load', 'load']);
    const items = (await served.json('/api/runs/1/items?task=count')) as ItemsJson;
    expect(items.items.map(({ task, item, state }) => `${task} ${item} ${state}`)).toEqual(
      ['a', 'b', 'c'].map((item, at) => `count[${at}] ${item} success`),
    );
    expect(await (await served.ask('/api/runs/1/log?task=count[1]')).text()).toContain(' O b\n');
    const grid = (await served.json('/api/grid?job=weather')) as GridJson;
    expect([grid.tasks, grid.cells[0]?.[2]?.items]).toEqual([['extract', 'load', 'count'], { success: 3 }]);
    const { graph } = await detail(1);
    const read = (await served.json(`/api/graphs/${graph}`)) as GraphJson;
    expect(read.text).toBe(GRAPH);
    expect(read.tasks.map(({ name, needs, line }) => [name, needs, line])).toEqual([
      ['extract', [], 5],
      ['load', ['extract'], 6],
      ['count', ['load'], 7],
    ]);
  });

  it('does nothing once the schedule has ended, and says so', async () => {
    const { served, schedule, jobs } = await live();
    await stop(schedule);
    expect((await jobs()).live).toBe(false);
    for (const verb of ['run', 'pause', 'resume'])
      expect(await post(served, `/api/jobs/attic/${verb}`)).toEqual([
        409,
        { error: 'no schedule is running with this ledger' },
      ]);
  });

  it('goes on with a ledger that has taken the place of another', async () => {
    const { served, schedule, file, begin, jobs } = await live();
    writeFileSync(file('go'), '0');
    await post(served, '/api/jobs/attic/run');
    const changes = await listening(served, '/api/runs/events');
    await stop(schedule);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file(`runs.db${suffix}`), { force: true });
    expect(await served.json('/api/runs')).toMatchObject({ runs: [] });
    expect((await served.ask('/api/runs/1')).status).toBe(404);
    begin();
    await eventually(async () => (await jobs()).live && (await jobs()).jobs.length === 3);
    expect(await post(served, '/api/jobs/attic/run')).toEqual([202, { run: 1, message: 'queued' }]);
    expect(((await served.json('/api/runs')) as RunsJson).runs).toMatchObject([{ run: 1, job: 'attic' }]);
    const told = changes.events.length;
    expect((await post(served, '/api/jobs/attic/run'))[0]).toBe(202);
    await until(() => changes.events.length > told, 'an event of the new ledger');
  });
});

describe('an action', () => {
  const ACTIONS = [
    '/api/jobs/attic/run',
    '/api/jobs/attic/pause',
    '/api/jobs/attic/resume',
    '/api/runs/1/stop',
    '/api/runs/1/retry',
  ];

  async function shown(words: readonly string[] = [], env: Record<string, string> = {}) {
    const { ledger, path } = await openedLedger();
    await ledger.register([job('attic')]);
    await ledger.add([newRun('attic', NOON)]);
    const asked = async () => {
      const rows = await ledger.read(({ sql }) => sql('SELECT * FROM request').all());
      return [rows, [...(await ledger.paused())]];
    };
    return { path, asked, served: await serving(['--ledger', path, ...words], { env }) };
  }

  it('is refused from another origin, under another name, without the token, and is no GET', async () => {
    const { served, asked } = await shown([], { ETL_TOKEN: 's3cret' });
    const right = { authorization: 'Bearer s3cret' };
    for (const path of ACTIONS) {
      const seen = async (headers: Record<string, string>) => (await post(served, path, {}, headers))[0];
      expect([path, await seen({ ...right, origin: 'http://evil.example' })]).toEqual([path, 403]);
      expect([path, await seen({ ...right, origin: 'null' })]).toEqual([path, 403]);
      expect([path, await seen({})]).toEqual([path, 401]);
      expect([path, await seen({ authorization: 'Bearer wrong' })]).toEqual([path, 401]);
      expect([path, await seen({ authorization: `Basic ${btoa('me:s3cret')}` })]).toEqual([path, 401]);
      const own = { ...right, origin: new URL(served.url).origin };
      expect([path, await seen(own)]).toEqual([path, 409]);
      expect([path, await seen({ ...own, 'content-type': 'text/plain' })]).toEqual([path, 415]);
      expect((await served.ask(path)).status).toBe(405);
      const lines = [`POST ${path} HTTP/1.1`, 'Host: evil.example', 'Authorization: Bearer s3cret'];
      const text = [...lines, 'Content-Type: application/json', 'Content-Length: 2', 'Connection: close'];
      expect(await raw(served.url, `${text.join('\r\n')}\r\n\r\n{}`)).toMatch(/^HTTP\/1.1 403 /);
      const site = [...text.slice(0, 1), 'Host: localhost', ...text.slice(2), 'Sec-Fetch-Site: cross-site'];
      expect(await raw(served.url, `${site.join('\r\n')}\r\n\r\n{}`)).toMatch(/^HTTP\/1.1 403 /);
    }
    expect(await asked()).toEqual([[], []]);
  });

  it('is off where others reach the server and there is no token', async () => {
    const { served, asked } = await shown(['--host', '0.0.0.0']);
    for (const path of ACTIONS) expect([path, (await post(served, path))[0]]).toEqual([path, 401]);
    expect(await asked()).toEqual([[], []]);
  });

  it('leads nowhere else by its path', async () => {
    const { served } = await shown();
    const status = async (path: string) => {
      const text = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json'];
      const answer = await raw(
        served.url,
        `${text.join('\r\n')}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      );
      return Number(answer.split(' ', 2)[1]);
    };
    for (const path of [
      '/api/jobs/../run',
      '/api/jobs/%2e%2e/run',
      '/api/jobs/..%2f..%2fattic/run',
      '/api/jobs//run',
      '/api/jobs/attic%00/run',
      '/api/jobs/attic%0a/run',
      '/api/jobs/attic/rm',
      '/api/runs/1%20/stop',
      `/api/jobs/${'x'.repeat(8000)}/run`,
    ])
      expect([path, await status(path)]).toEqual([path, 404]);
    expect(await status('/api/jobs/a%ff/run')).toBe(400);
    expect(await status('/api/jobs/%/run')).toBe(400);
  });
});

it('without --ledger there are no such paths', async () => {
  const served = await serving();
  for (const path of ['/api/jobs', '/api/runs', '/api/grid', '/api/runs/events'])
    expect((await served.ask(path)).status).toBe(404);
});

it('a log of a gigabyte costs little memory, also when its listeners take nothing of it', async () => {
  const { ledger, path } = await openedLedger();
  const [run] = await ledger.add([newRun('a', NOON, { state: 'running' })]);
  if (run === undefined) throw new Error('no run');
  const log = logPath(logFolderOf(path), run, 'a', 1);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, '');
  truncateSync(log, 1 << 30);
  const served = await serving(['--ledger', path]);
  const { hostname, port } = new URL(served.url);
  const request = 'GET /api/runs/1/log HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n';
  const sockets = Array.from({ length: 12 }, () => connect(Number(port), hostname).pause());
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.write(request);
  await eventually(async () =>
    (await (await served.ask('/metrics')).text()).includes('etl_event_listeners 12\n'),
  );
  for (let asked = 0; asked < 100; asked += 1) await served.json('/api/runs');
  const part = await served.ask(`/api/runs/1/log?offset=${1 << 29}&limit=1048576`);
  expect((await part.arrayBuffer()).byteLength).toBe(1 << 20);
  expect((await served.ask('/api/runs/1/log?limit=1048577')).status).toBe(400);
  const [, peak] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${served.child.pid}/status`, 'utf8')) ?? [];
  expect(Number(peak)).toBeLessThan(250_000);
  for (const socket of sockets) socket.destroy();
  served.child.kill('SIGTERM');
  // Node warns of many who listen to one signal.
  expect((await served.end).stderr).toBe('');
});
