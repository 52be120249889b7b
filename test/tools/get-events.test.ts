import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import tool from '../../src/tools/get-events.ts';
import { numbered, numberedLines, sseServer, stream, type Visit } from '../events/sse-server.ts';
import { ended, holdLock, privateFolder, type RunOptions, run, start, until } from '../harness.ts';
import { closedPort, serve } from '../http/server.ts';
import { runInProcess } from '../in-process.ts';

/** A server whose connections are answered one after the other; all others find the stream over. */
const script = (...answers: ((visit: Visit) => void)[]) =>
  sseServer((visit) => (answers[visit.number] ?? over)(visit));
const over = ({ response }: Visit) => void response.writeHead(204).end();
const sends = (bytes: string | Buffer) => (visit: Visit) => void stream(visit, bytes).end();
const breaks = (bytes: string) => (visit: Visit) =>
  void stream(visit).write(bytes, () => setTimeout(() => visit.response.destroy(), 20));
const holds = (bytes: string) => (visit: Visit) => void stream(visit, bytes);
const says =
  (code: number, headers: Record<string, string> = {}) =>
  ({ response }: Visit) =>
    void response.writeHead(code, headers).end('body');
const QUICK = 'retry: 10\n\n';

const getEvents = (words: readonly string[], options: RunOptions = {}) => run('get-events', words, options);
/** The same without a process of its own. */
const inProcess = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runInProcess(tool, words, { env });
const good = { status: 0, stderr: '' };
const state = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'state'), 'utf8'));

describe('get-events', () => {
  it('prints the data of events, and ends when the stream is over', async () => {
    const { url, visits } = await script(sends(`${QUICK}data: {"a" : 1}\n\ndata: [\ndata: 2]\n\n`));
    expect(await inProcess([url])).toMatchObject({ ...good, stdout: '{"a":1}\n[2]\n' });
    expect(visits.map(({ request }) => request.headers)).toMatchObject([
      {
        accept: 'text/event-stream',
        'cache-control': 'no-cache',
        'user-agent': expect.stringMatching(/^get-events\/\d/),
      },
      {},
    ]);
    expect(visits.map(({ lastId }) => lastId)).toEqual([undefined, undefined]);
  });

  it.each([
    [[], 'no URL'],
    [['ftp://host/'], 'ftp://host/: malformed address'],
    [['host/stream'], 'host/stream: malformed address'],
    [['http://x/', '--raw', '--envelope'], '--raw does not go with --envelope'],
    [['http://x/', '--idle', '6m'], '--idle: more than 5m'],
    [['http://x/', '--overlap', '-1s'], '--overlap: not a duration'],
    [['http://x/', '--user-agent', 'ä'], '--user-agent: not one line of ASCII'],
    [['http://x/', '--'], 'no command after --'],
  ])('refuses %j', async (words, message) => {
    const end = await inProcess(words);
    expect(end).toMatchObject({ status: 64, stdout: '' });
    expect(end.stderr).toContain(`get-events: ${message}`);
  });
});

describe('a connection', () => {
  it.each([400, 401, 404, 410, 501, 505])('is refused for good by %i (69)', async (code) => {
    const { url, visits } = await script(says(code));
    const end = await inProcess([url]);
    expect(end).toMatchObject({ status: 69, stdout: '' });
    expect(end.stderr).toContain(`get-events: ${url}: HTTP ${code}`);
    expect(visits.length).toBe(1);
  });

  it.each(['text/html', 'text/event-streams', 'application/json', ''])(
    'is refused for good when its type is %j',
    async (type) => {
      const { url } = await script(says(200, type === '' ? {} : { 'content-type': type }));
      expect(await inProcess([url])).toMatchObject({
        status: 69,
        stderr: `get-events: ${url}: not text/event-stream: ${JSON.stringify(type)}\n`,
      });
    },
  );

  it('may have parameters in its type', async () => {
    const { url } = await script(({ response }) => {
      response.writeHead(200, { 'content-type': 'Text/Event-Stream; charset=utf-8' });
      response.end('data: 1\n\n');
    });
    expect(await inProcess([url, '--count', '1'])).toMatchObject({ ...good, stdout: '1\n' });
  });

  it.each([429, 500, 502, 503, 504])('is tried again after %i, when the server asks for it', async (code) => {
    const { url, visits } = await script(says(code, { 'retry-after': '0' }), sends('data: 1\n\n'));
    const { status, stdout, stderr } = await inProcess([url, '--count', '1']);
    expect([status, stdout, visits.length]).toEqual([0, '1\n', 2]);
    expect(stderr).toMatch(new RegExp(`^get-events: ${url}: HTTP ${code} [^\n]*: trying again\n$`));
  });

  it('waits for as long as the server asks', async () => {
    const times: number[] = [];
    const { url } = await sseServer((visit) => {
      times.push(performance.now());
      (visit.number === 0 ? says(503, { 'retry-after': '1' }) : sends('data: 1\n\n'))(visit);
    });
    expect(await inProcess([url, '--count', '1', '--wait', '1ms'])).toMatchObject({
      status: 0,
      stdout: '1\n',
    });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  it('that cannot be made is given up after --wait (75)', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    expect(await inProcess([url, '--wait', '50ms'])).toMatchObject({
      status: 75,
      stderr:
        `get-events: ${url}: connection refused: trying again\n` +
        `get-events: ${url}: no connection for 0.05 s (--wait)\n`,
    });
    const failing = await sseServer(says(500));
    expect(await inProcess([failing.url, '-q', '--wait', '50ms'])).toMatchObject({ status: 75 });
    expect(failing.visits.length).toBe(2);
  });

  it('follows redirects, and sends no credentials elsewhere', async () => {
    const other = await sseServer(sends('id: 7\ndata: 1\n\n'));
    const first = await script(
      ({ response }) => void response.writeHead(307, { location: '/moved' }).end(),
      ({ response }) => void response.writeHead(302, { location: other.url }).end(),
    );
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'headers'), 'X-Key: k\nCookie: c\n');
    const words = [
      first.url,
      '--count',
      '1',
      '--header-file',
      join(cwd, 'headers'),
      '--user-agent',
      'me (me@host)',
    ];
    expect(await inProcess(words, { ETL_TOKEN: 'tok' })).toMatchObject({
      ...good,
      stdout: '1\n',
    });
    const own = { authorization: 'Bearer tok', 'x-key': 'k', cookie: 'c', 'user-agent': 'me (me@host)' };
    expect(first.visits.map(({ request }) => request.headers)).toMatchObject([own, own]);
    const { headers = {} } = other.visits[0]?.request ?? {};
    expect(headers['user-agent']).toBe('me (me@host)');
    expect(['authorization', 'x-key', 'cookie'].filter((name) => name in headers)).toEqual([]);
  });

  it('gives an origin no credentials when another one has led back to it', async () => {
    let back = '';
    const other = await serve((_, response) => response.writeHead(302, { location: back }).end());
    const first = await script(
      ({ response }) => void response.writeHead(302, { location: other }).end(),
      sends('data: 1\n\n'),
    );
    back = first.url;
    expect(await inProcess([first.url, '--count', '1'], { ETL_TOKEN: 'tok' })).toMatchObject(good);
    expect(first.visits.map(({ request }) => request.headers.authorization)).toEqual([
      'Bearer tok',
      undefined,
    ]);
  });

  it('ends a circle of redirects, and those that lead nowhere (69)', async () => {
    const circle = await sseServer(says(301, { location: '/stream' }));
    expect(await inProcess([circle.url])).toMatchObject({
      status: 69,
      stderr: `get-events: ${circle.url}: too many redirects\n`,
    });
    for (const location of ['', 'file:///etc/passwd', 'http://[']) {
      const { url } = await sseServer(says(301, { location }));
      expect(await inProcess([url])).toMatchObject({ status: 69, stdout: '' });
    }
  });

  it('shows no secret', async () => {
    const { url } = await sseServer(({ response, request }) => {
      response.writeHead(403, `no ${request.headers['x-key']} ${request.headers.authorization}`).end();
    });
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'headers'), 'X-Key: opensesame\n');
    const address = url.replace('://', '://user:hunter2@');
    const { status, stderr } = await inProcess([
      `${address}?key=swordfish`,
      '--header-file',
      join(cwd, 'headers'),
    ]);
    expect(status).toBe(69);
    expect(stderr).not.toMatch(/opensesame|hunter2|swordfish|dXNlcjpodW50ZXIy/);
  });
});

describe('a stream', () => {
  it('is resumed behind the last whole event, in silence', async () => {
    const { url, visits } = await script(
      breaks(`${QUICK}id: ä\ndata: 1\n\nid: ö\ndata: 2\n`),
      sends('id: ö\ndata: 2\n\nid: only\n\nid: half\ndata: 3'),
      sends('id:\ndata: 3\n\n'),
      sends('data: 4\n\n'),
    );
    expect(await inProcess([url])).toMatchObject({ ...good, stdout: '1\n2\n3\n4\n' });
    expect(visits.map(({ lastId }) => lastId)).toEqual([undefined, 'ä', 'only', undefined, undefined]);
  });

  it('reads bytes that come one at a time', async () => {
    const body = Buffer.from('\ufeffid: [{"a":1}]\r\ndata: "ä 🌡"\r\n\r\ndata: 2\r\r');
    const { url, visits } = await script((visit) => {
      const response = stream(visit, QUICK);
      const next = (at: number) => {
        if (at === body.length) response.end();
        else response.write(body.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
    });
    // The BOM is not at the beginning, so its line is no id.
    expect(await inProcess([url])).toMatchObject({ ...good, stdout: '"ä 🌡"\n2\n' });
    expect(visits[1]?.lastId).toBeUndefined();
  });

  it('is connected anew when no byte comes, but not while comments do', async () => {
    const { url, visits } = await script((visit) => {
      const response = stream(visit, `${QUICK}id: 1\ndata: 1\n\n`);
      const beat = setInterval(() => response.write(':\n'), 50);
      setTimeout(() => clearInterval(beat), 1600);
    }, sends('data: 2\n\n'));
    const words = [url, '--count', '2', '--idle', '800ms', '--verbose'];
    const begun = performance.now();
    const { status, stdout, stderr } = await inProcess(words);
    expect([status, stdout, visits[1]?.lastId]).toEqual([0, '1\n2\n', '1']);
    expect(performance.now() - begun).toBeGreaterThan(2350);
    expect(stderr).toContain(`get-events: ${url}: no byte for 0.8 s\n`);
  });

  it('that does not even begin counts as a server that is down', async () => {
    const { url } = await sseServer(() => {});
    expect(await inProcess([url, '--idle', '50ms', '--wait', '60ms'])).toMatchObject({
      status: 75,
      stderr: expect.stringContaining(`${url}: no byte for 0.05 s: trying again\n`),
    });
  });

  it('leaves out an event that comes again, if it has an id of its own', async () => {
    const { url } = await script(
      sends(`${QUICK}${numbered(1, 3)}data: {"n":0}\n\n`),
      sends(`${numbered(2, 4)}id: 4\ndata: {"n":5}\n\ndata: {"n":0}\n\n`),
    );
    const { stdout, stderr } = await inProcess([url, '--verbose']);
    expect(stdout).toBe(`${numberedLines(1, 3)}{"n":0}\n${numberedLines(4, 5)}{"n":0}\n`);
    expect(stderr).toContain(`${url}: 7 events; left out: 2 repeats, 0 other names\n`);
  });

  it('keeps an id of 64 KiB as it is', async () => {
    const id = `[${'{"topic":"eqiad.mediawiki.recentchange"},'.repeat(180)}1]`;
    const { url, visits } = await script(sends(`${QUICK}id: ${id}\ndata: 1\n\n`));
    expect(await inProcess([url])).toMatchObject(good);
    expect(visits[1]?.lastId).toBe(id);
  });

  it('says how long it was away, and between which ids', async () => {
    const { url } = await script(sends(`${QUICK}${numbered(1, 1)}`), sends(numbered(5, 5)));
    const gap = expect.stringMatching(
      new RegExp(`get-events: ${url}: resumed after 0\\.\\d s: last id before "1", first after "5"\n`),
    );
    expect(await inProcess([url, '--warn-gap', '1ms'])).toMatchObject({ status: 0, stderr: gap });
    const again = await script(sends(`${QUICK}${numbered(1, 1)}`), sends(numbered(5, 5)));
    expect((await inProcess([again.url])).stderr).toBe('');
  });

  it('begins where it is asked to, until something is known', async () => {
    const { url, visits } = await script(sends(QUICK), sends(`${QUICK}data: 1\n\n`));
    await inProcess([`${url}?a=b`, '--since', '2026-11-21T10:00:00+01:00']);
    const since = '/stream?a=b&since=2026-11-21T09%3A00%3A00Z';
    expect(visits.map(({ request }) => request.url)).toEqual([since, since, '/stream?a=b']);
  });

  it('ends after --count events or --for a time', async () => {
    const { url } = await sseServer(holds(numbered(1, 5)));
    expect(await inProcess([url, '--count', '3'])).toMatchObject({ ...good, stdout: numberedLines(1, 3) });
    expect(await inProcess([url, '--for', '500ms'])).toMatchObject({ ...good, stdout: numberedLines(1, 5) });
  });
});

describe('an event', () => {
  const body =
    'data: {"a": 1}\n\nevent: add\nid: 1\ndata: x y\n\nevent: add\ndata: [\ndata: 1]\n\ndata: a\ndata: b\n\n';

  it.each([
    [[], '{"a":1}\n[1]\n'],
    [['--raw'], '{"a": 1}\nx y\n[1]\n'],
    [
      ['--envelope'],
      '{"id":"","event":"message","data":"{\\"a\\": 1}"}\n{"id":"1","event":"add","data":"x y"}\n' +
        '{"id":"1","event":"add","data":"[\\n1]"}\n{"id":"1","event":"message","data":"a\\nb"}\n',
    ],
    [['--event', 'message', '--event', 'other'], '{"a":1}\n'],
    [['--raw', '--event', 'add'], 'x y\n[1]\n'],
  ])('is printed with %j', async (words, stdout) => {
    const { url } = await script(sends(QUICK + body));
    expect(await inProcess([url, ...words])).toMatchObject({ status: 0, stdout });
  });

  it('that is not JSON is rejected, and kept whole', async () => {
    const { url } = await script(sends(QUICK + body));
    const cwd = await privateFolder();
    expect(await inProcess([url, '--rejects', join(cwd, 'rejects'), '--strict'])).toMatchObject({
      status: 65,
      stdout: '{"a":1}\n[1]\n',
      stderr: `get-events: ${url}:2: data is not JSON: "x y"\nget-events: 2 of 4 lines rejected: 2 not JSON\n`,
    });
    expect(readFileSync(join(cwd, 'rejects'), 'utf8')).toBe(
      '{"id":"1","event":"add","data":"x y"}\n{"id":"1","event":"message","data":"a\\nb"}\n',
    );
  });

  it('of 100 MB is rejected in bounded memory', async () => {
    const { url } = await script((visit) => {
      const response = stream(visit, `${QUICK}data: "`);
      const megabyte = 'x'.repeat(1 << 20);
      const next = (left: number) => {
        if (left === 0) response.end('"\nid: 9\n\ndata: 1\n\n');
        else response.write(megabyte, () => next(left - 1));
      };
      next(100);
    });
    const env = { NODE_OPTIONS: '--max-old-space-size=48' };
    expect(await getEvents([url, '--rejects', '/dev/null'], { env })).toMatchObject({
      status: 0,
      stdout: '1\n',
      stderr: expect.stringContaining('line is longer than 1048576 bytes'),
    });
  });
});

describe('with a state, without CMD', () => {
  const words = (url: string, ...others: string[]) => [url, '--state', 'state', ...others];

  it('repeats what was printed just before, and begins with what was printed long ago', async () => {
    const cwd = await privateFolder();
    const { url, visits } = await sseServer((visit) =>
      holds(numbered(Number(visit.lastId ?? 0) + 1, 5))(visit),
    );
    await getEvents(words(url, '--count', '3'), { cwd });
    expect(existsSync(join(cwd, 'state'))).toBe(false);
    await getEvents(words(url, '--count', '3', '--overlap', '0'), { cwd });
    expect(state(cwd)).toMatchObject({ url, id: '3', events: 3 });
    const end = await getEvents(words(url, '--count', '2', '--overlap', '0'), { cwd });
    expect(end).toMatchObject({ ...good, stdout: numberedLines(4, 5) });
    expect(visits.map(({ lastId }) => lastId)).toEqual([undefined, undefined, '3']);
    expect(state(cwd)).toMatchObject({ id: '5', events: 5 });
    expect(readdirSync(cwd)).toEqual(['state']);
  });

  it('follows at a distance, also while nothing comes', async () => {
    const cwd = await privateFolder();
    const { url, visits } = await sseServer(holds(numbered(1, 1)));
    const child = start('get-events', words(url, '--overlap', '200ms'), { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'state')), 'the first event counts as used');
    visits[0]?.response.write(numbered(2, 2));
    await new Promise((resolve) =>
      child.stdout?.on('data', (chunk) => `${chunk}`.includes('2') && resolve(0)),
    );
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ stdout: numberedLines(1, 2), stderr: '' });
    expect(state(cwd)).toMatchObject({ id: '1', events: 1 });
  });

  it('ends by SIGTERM while nothing comes', async () => {
    const cwd = await privateFolder();
    const { url } = await sseServer(holds(numbered(1, 1)));
    const child = start('get-events', words(url, '--overlap', '0'), { cwd });
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(state(cwd)).toMatchObject({ id: '1' });
  });
});

describe('with CMD', () => {
  /** A server that sends what comes behind the last id, up to a number, and then says that it is over. */
  const upTo = (last: number) =>
    sseServer((visit) => {
      const first = Number(visit.lastId ?? 0) + 1;
      (first > last ? over : sends(QUICK + numbered(first, last)))(visit);
    });
  const words = (url: string, command: string, ...others: string[]) => [
    ...[url, '--state', 'state', ...others, '--', 'bash', '-c', command],
  ];

  it('gives batches, and says in the state that they are used', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(25);
    const command = 'echo "$ETL_COUNT $ETL_TRY $ETL_BATCH"; cat; echo said >&2';
    const { status, stdout, stderr } = await getEvents(words(url, command, '--batch', '10'), { cwd });
    const lines = stdout.split('\n');
    expect([status, lines.filter((line) => line.startsWith('{')).join('\n')]).toEqual([
      0,
      numberedLines(1, 25).trimEnd(),
    ]);
    const heads = lines.filter((line) => line.includes(' '));
    expect(heads.map((line) => line.split('-', 2).join('-'))).toEqual([
      '10 1 events-00000000000000000000',
      '10 1 events-00000000000000000010',
      '5 1 events-00000000000000000020',
    ]);
    expect(stderr.match(/said/g)?.length).toBe(3);
    expect(state(cwd)).toMatchObject({ url, id: '25', events: 25 });
    expect(readdirSync(cwd)).toEqual(['state']);
    expect(await getEvents(words(url, 'echo none'), { cwd })).toMatchObject({ ...good, stdout: '' });
  });

  it('gives a batch again with the same name, while its place is not taken', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(3);
    const fails = 'echo $ETL_BATCH $ETL_TRY >> runs; test -e again || { touch again; exit 75; }; cat';
    expect(await getEvents(words(url, fails), { cwd })).toMatchObject({
      status: 0,
      stdout: numberedLines(1, 3),
    });
    const runs = readFileSync(join(cwd, 'runs'), 'utf8').trim().split('\n');
    expect([runs.length, new Set(runs).size]).toEqual([2, 1]);
  });

  it('keeps what it refuses in --rejects, and goes on', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(100);
    const refuses = 'echo >> runs; grep -q ":42}" && exit 65; exit 0';
    const end = await getEvents(words(url, refuses, '--rejects', 'dead'), { cwd });
    expect(end).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('event 42: bash: exit status 65'),
    });
    expect(readFileSync(join(cwd, 'dead'), 'utf8')).toBe('{"n":42}\n');
    expect(readFileSync(join(cwd, 'runs'), 'utf8').length).toBeLessThanOrEqual(15);
    expect(state(cwd)).toMatchObject({ id: '100', events: 100 });
  });

  it('stops at what it refuses without --rejects, the state before it (65)', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(100);
    const refuses = 'grep -q ":42}" && exit 65; exit 0';
    const end = await getEvents(words(url, refuses), { cwd });
    expect(end).toMatchObject({
      status: 65,
      stderr: expect.stringContaining(
        `${url}: event 42: the command refused it: exit status 65: it cannot be skipped without --rejects FILE`,
      ),
    });
    expect(state(cwd)).toMatchObject({ id: '41', events: 41 });
  });

  it.each([64, 69, 78])(
    'ends with 69 when the command is wrong (%i), and has used nothing',
    async (status) => {
      const cwd = await privateFolder();
      const { url } = await upTo(3);
      expect(await getEvents(words(url, `exit ${status}`), { cwd })).toMatchObject({ status: 69 });
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('hands on what came before the server refused, and then says so', async () => {
    const cwd = await privateFolder();
    const { url } = await script(sends(QUICK + numbered(1, 3)), says(404));
    const end = await getEvents(words(url, 'cat'), { cwd });
    expect(end).toMatchObject({ status: 69, stdout: numberedLines(1, 3) });
    expect(state(cwd)).toMatchObject({ id: '3' });
  });

  it('moves on over events that are left out', async () => {
    const cwd = await privateFolder();
    const { url } = await script(sends(`${QUICK}${numbered(1, 1)}id: 2\nevent: other\ndata: 1\n\nid: 3\n\n`));
    await getEvents(words(url, 'cat', '--event', 'message'), { cwd });
    expect(state(cwd)).toMatchObject({ id: '3', events: 1 });
  });

  it('leaves out after a restart what was used before', async () => {
    const cwd = await privateFolder();
    const { url } = await script(sends(numbered(1, 3)), sends(numbered(2, 4)));
    await getEvents(words(url, 'cat', '--count', '3'), { cwd });
    expect(await getEvents(words(url, 'cat'), { cwd })).toMatchObject({
      ...good,
      stdout: numberedLines(4, 4),
    });
  });

  it('reads no more than 8 MiB while it runs', async () => {
    const cwd = await privateFolder();
    const line = `data: "${'x'.repeat(65_000)}"\n\n`;
    let sent = 0;
    const { url } = await sseServer((visit) => {
      const response = stream(visit);
      const next = () => {
        do sent += line.length;
        while (response.write(line));
        response.once('drain', next);
      };
      next();
    });
    const command = 'touch begun; until test -e go; do sleep 0.02; done';
    const child = start('get-events', [url, '--batch', '10', '--', 'bash', '-c', command], { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'begun')), 'CMD runs');
    let known = -1;
    await until(() => {
      const isStill = known === sent;
      known = sent;
      return isStill && sent > 8 << 20;
    }, 'the server waits');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // The buffers of the system hold some megabytes besides.
    expect(sent).toBeLessThan(24 << 20);
    writeFileSync(join(cwd, 'go'), '');
    await until(() => sent > known, 'it reads on');
    child.kill('SIGTERM');
    await end;
  });

  it('lets it finish after SIGTERM, and says in the state that it did', async () => {
    const cwd = await privateFolder();
    const { url } = await sseServer(holds(numbered(1, 3)));
    const command = 'touch begun; until test -e go; do sleep 0.02; done; cat > used';
    const child = start('get-events', words(url, command, '--linger', '10ms'), { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'begun')), 'CMD runs');
    child.kill('SIGTERM');
    writeFileSync(join(cwd, 'go'), '');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(readFileSync(join(cwd, 'used'), 'utf8')).toBe(numberedLines(1, 3));
    expect(state(cwd)).toMatchObject({ id: '3' });
  });

  it('ends it after --grace, and has used nothing', async () => {
    const cwd = await privateFolder();
    const { url } = await sseServer(holds(numbered(1, 3)));
    const command = 'touch begun; sleep 60';
    const child = start('get-events', words(url, command, '--linger', '10ms', '--grace', '10ms'), { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'begun')), 'CMD runs');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(readdirSync(cwd)).toEqual(['begun']);
  });

  it('is alone with its state: another get-events ends with 75, of another URL with 78', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(1);
    await getEvents(words(url, 'cat'), { cwd });
    expect(await getEvents(words(`${url}?x`, 'cat'), { cwd })).toMatchObject({
      status: 78,
      stderr: `get-events: state: is the state of another stream: ${url}\n`,
    });
    await holdLock(join(cwd, '.state.lock'));
    expect(await getEvents(words(url, 'cat'), { cwd })).toMatchObject({
      status: 75,
      stderr: 'get-events: state: busy: another process holds its lock\n',
    });
  });

  it('that was left behind is not waited for after SIGTERM', async () => {
    const cwd = await privateFolder();
    const { url, visits } = await upTo(1);
    await holdLock(join(cwd, '.state.run'));
    const child = start('get-events', words(url, 'cat'), { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, '.state.lock')), 'it has begun');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: '' });
    expect(visits).toEqual([]);
  });

  it('is not run again while it lives, when get-events alone was killed', async () => {
    const cwd = await privateFolder();
    const { url } = await sseServer(holds(numbered(1, 3)));
    const slow = 'touch begun; until test -e go; do sleep 0.02; done; cat >> used';
    const child = start('get-events', words(url, slow, '--linger', '10ms'), { cwd });
    const end = ended(child);
    await until(() => existsSync(join(cwd, 'begun')), 'CMD runs');
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
    await end;
    const next = words(url, 'cat >> used', '--count', '3', '--linger', '10ms');
    expect(await getEvents([...next.slice(0, 3), '--wait', '50ms', ...next.slice(3)], { cwd })).toMatchObject(
      {
        status: 75,
        stderr: 'get-events: state: busy: another process holds its lock\n',
      },
    );
    expect(existsSync(join(cwd, 'used'))).toBe(false);
    const waiting = getEvents(next, { cwd });
    writeFileSync(join(cwd, 'go'), '');
    expect(await waiting).toMatchObject(good);
    // Nobody saw how it ended, so its batch comes again.
    expect(readFileSync(join(cwd, 'used'), 'utf8')).toBe(numberedLines(1, 3).repeat(2));
  });

  it('holds no state when it leaves a process behind', async () => {
    const cwd = await privateFolder();
    const { url } = await upTo(4);
    const leaves = 'sleep 60 & echo $! >> left; cat';
    await getEvents(words(url, leaves, '--count', '2'), { cwd });
    expect(await getEvents(words(url, leaves, '--wait', '1ms'), { cwd })).toMatchObject({ ...good });
    for (const pid of readFileSync(join(cwd, 'left'), 'utf8').trim().split('\n')) process.kill(Number(pid));
    expect(state(cwd)).toMatchObject({ id: '4' });
  });
});
