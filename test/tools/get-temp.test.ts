import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import getTemp from '../../src/tools/get-temp.ts';
import { ended, run, shell, start } from '../harness.ts';
import { serve } from '../http/server.ts';
import { runInProcess } from '../in-process.ts';
import { NOW, tree } from '../sensors/sensor-io.ts';

const runAt = (now: number, ...words: string[]) => runInProcess(getTemp, words, { now });

describe('one reading', () => {
  it('has the time of the clock', async () => {
    const folder = await tree({ attic: '21.50\n' });
    expect(await runAt(NOW, `file:${folder}/attic`)).toEqual({
      stdout: '2026-11-21T10:04:00Z,attic,21.50\n',
      stderr: '',
      status: 0,
    });
  });

  it('comes from sim: or $GET_TEMP_SENSOR when no SENSOR is given', async () => {
    expect((await run('get-temp', [])).stdout).toMatch(/^[^,]+Z,sim,-?\d+\.\d\d\n$/);
    const env = { GET_TEMP_SENSOR: 'sim:attic' };
    expect((await run('get-temp', [], { env })).stdout).toMatch(/,attic,/);
    expect((await run('get-temp', ['sim:cellar'], { env })).stdout).toMatch(/,cellar,/);
    expect((await run('get-temp', [], { env: { GET_TEMP_SENSOR: '' } })).stdout).toMatch(/,sim,/);
  });

  it('is the same live and at that time afterwards', async () => {
    const { stdout } = await runAt(NOW, 'sim:attic');
    expect(await runAt(NOW + 1e9, 'sim:attic', '--at', '2026-11-21T10:04:00Z')).toMatchObject({ stdout });
  });

  it('is converted once', async () => {
    const folder = await tree({ attic: '70.7\n' });
    const value = async (unit: string) =>
      (await runAt(NOW, `file:${folder}/attic`, '--unit', unit)).stdout.split(',')[2];
    expect(await Promise.all(['C', 'F', 'K'].map(value))).toEqual(['70.7\n', '21.500\n', '-202.45\n']);
  });

  it('is converted by the unit in the text, which counts more than --unit', async () => {
    const value = async (text: string, unit: string) => {
      const folder = await tree({ attic: text });
      return (await runAt(NOW, `file:${folder}/attic`, '--unit', unit)).stdout.split(',')[2];
    };
    expect(await value('70.7 °F', 'C')).toBe('21.500\n');
    expect(await value('T: 294.65K', 'F')).toBe('21.50\n');
    expect(await value('21.5℃', 'F')).toBe('21.5\n');
  });

  it('must be in range, in °C, the ends included', async () => {
    const folder = await tree({ attic: '70.7\n' });
    const words = [`file:${folder}/attic`, '--unit', 'F', '--range'];
    expect(await runAt(NOW, ...words, '21.5..21.5')).toMatchObject({ status: 0 });
    expect(await runAt(NOW, ...words, '60..80')).toEqual({
      stdout: '',
      stderr: `get-temp: file:${folder}/attic: out of range 60..80: 21.500\n`,
      status: 75,
    });
  });

  it('is named by --name, quoted where it must be', async () => {
    expect((await runAt(NOW, '--name', 'attic, "left"')).stdout).toMatch(/^[^,]+,"attic, ""left""",\d/);
    expect((await runAt(NOW, '--name', 'a\nb')).status).toBe(64);
  });

  it('never makes two lines of one, whatever the name of its file', async () => {
    const folder = await tree({ 'a\nb': '1' });
    expect((await runAt(NOW, `file:${folder}/a\nb`)).stdout).toBe('2026-11-21T10:04:00Z,a\ufffdb,1\n');
  });

  it('is JSON with --json', async () => {
    const folder = await tree({ attic: '21.50\n' });
    expect((await runAt(NOW, '--json', `file:${folder}/attic`)).stdout).toBe(
      '{"time":"2026-11-21T10:04:00Z","sensor":"attic","value":21.50}\n',
    );
  });

  it('is not taken from a file older than --max-age', async () => {
    const folder = await tree({ attic: '21.5\n' });
    const future = Date.now() + 3_600_000;
    expect(await runAt(future, '--max-age', '30m', `file:${folder}/attic`)).toMatchObject({
      stdout: '',
      status: 75,
    });
    expect(await runAt(future, '--max-age', '2h', `file:${folder}/attic`)).toMatchObject({ status: 0 });
  });

  it('is tried again when a later try may succeed, and only then', async () => {
    const codes = [503, 500, 404];
    let requests = 0;
    const flaky = await serve((_, response) => {
      response.statusCode = codes[requests++] ?? 200;
      response.end('21.5');
    });
    expect(await run('get-temp', [flaky, '--retries', '1'])).toMatchObject({ stdout: '', status: 75 });
    expect(requests).toBe(2);
    expect(await run('get-temp', [flaky, '--retries', '5'])).toMatchObject({ stdout: '', status: 69 });
    expect(requests).toBe(3);
    requests = 0;
    codes.splice(0, 3, 503, 503);
    expect(await run('get-temp', [flaky, '--retries', '5'])).toMatchObject({ stderr: '', status: 0 });
    expect(requests).toBe(3);
  });

  it('is waited for no longer than --timeout with all retries', async () => {
    const down = await serve((_, response) => response.writeHead(503).end());
    const begin = performance.now();
    const { stdout, stderr, status } = await run('get-temp', [down, '--retries', '1000', '--timeout', '1s']);
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `get-temp: ${down}: HTTP 503 Service Unavailable\n`,
      status: 75,
    });
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});

describe('readings at an interval', () => {
  it('go on after a failure, which is one line and the status', async () => {
    let request = 0;
    const flaky = await serve((_, response) => {
      request += 1;
      response.statusCode = request === 2 ? 404 : request === 3 ? 500 : 200;
      response.end(String(request));
    });
    const { stdout, stderr, status } = await run('get-temp', [flaky, '--every', '10ms', '--count', '4']);
    expect(stdout.replaceAll(/^[^,]+,/gm, '')).toBe('127.0.0.1,1\n127.0.0.1,4\n');
    expect(stderr).toBe(
      `get-temp: ${flaky}: HTTP 404 Not Found\nget-temp: ${flaky}: HTTP 500 Internal Server Error\n`,
    );
    expect(status).toBe(75);
  });

  it('do not drift: the time that a reading takes is not added', async () => {
    const words = ['exec:sleep 0.9; echo 1', '--every', '1s', '--count', '4'];
    const { stdout } = await run('get-temp', words);
    const times = stdout
      .trimEnd()
      .split('\n')
      .map((line) => Date.parse(line.split(',')[0] ?? ''));
    expect(times).toHaveLength(4);
    // 3 s; it would be 5.7 s with a pause after each.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(5500);
  });

  it('are printed as they are taken, and end at a signal', async () => {
    const child = start('get-temp', ['--every', '1h']);
    const end = ended(child);
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const { stdout, stderr, signal } = await end;
    expect(stdout).toMatch(/^[^\n]+\n$/);
    expect({ stderr, signal }).toEqual({ stderr: '', signal: 'SIGTERM' });
  });

  it('end when nobody reads them, without a word', async () => {
    const { stdout, stderr, status } = await shell('get-temp --every 10ms | head -1');
    expect(stdout).toMatch(/^[^\n]+\n$/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('come without a pause with --count alone', async () => {
    const { stdout, status } = await run('get-temp', ['--count', '500']);
    expect({ lines: stdout.split('\n').length, status }).toEqual({ lines: 501, status: 0 });
  });
});

describe('a series', () => {
  const hour = ['--from', '2026-11-21T10:00:30Z', '--to', '2026-11-21T11:00:00Z'];

  it('stands at multiples of --every since the epoch, the start included, the end not', async () => {
    const { stdout } = await runAt(NOW, ...hour, '--every', '15m');
    expect(stdout.match(/T\S+Z/g)).toEqual(['T10:15:00Z', 'T10:30:00Z', 'T10:45:00Z']);
    const { stdout: minutes } = await runAt(NOW, ...hour);
    expect(minutes.match(/\n/g)).toHaveLength(59);
  });

  it('is the same line for the same time in another series', async () => {
    const long = await runAt(NOW, 'sim:attic', '--last', '1d');
    const short = await runAt(NOW + 12_345, 'sim:attic', '--from', '2026-11-21T09:00:17Z');
    expect(long.stdout.match(/\n/g)).toHaveLength(1440);
    expect(short.stdout.match(/\n/g)).toHaveLength(64);
    const known = new Set(long.stdout.split('\n'));
    const fresh = short.stdout.split('\n').filter((line) => !known.has(line));
    expect(fresh).toEqual([expect.stringMatching(/^2026-11-21T10:04:00Z,attic,/)]);
  });

  it('ends now: --last 1m is one reading, --from the future none', async () => {
    expect((await runAt(NOW, '--last', '1m')).stdout).toMatch(/^2026-11-21T10:03:00Z,sim,[0-9.]+\n$/);
    expect(await runAt(NOW, '--from', '2026-11-21T10:04:00Z')).toEqual({
      stdout: '',
      stderr: 'get-temp: sim:: no reading for that time\n',
      status: 69,
    });
  });

  it('leaves out what is out of range, and says how many', async () => {
    const words = ['sim:?noise=0&mean=0&swing=10', '--range', '..-6', '--from', '2026-01-01T00:00:00Z'];
    const { stdout, stderr, status } = await runAt(
      NOW,
      ...words,
      '--to',
      '2026-01-02T00:00:00Z',
      '--every',
      '1h',
    );
    const left = stdout.match(/\n/g)?.length ?? 0;
    expect(stderr).toBe(
      `get-temp: sim:?noise=0&mean=0&swing=10: ${24 - left} of 24 readings out of range ..-6\n`,
    );
    expect(left).toBeGreaterThan(0);
    expect(status).toBe(75);
  });

  it('leaves out what is colder than can be, and says so', async () => {
    const { stdout, stderr, status } = await runAt(NOW, 'sim:x?mean=-500&noise=0&swing=0', '--last', '3m');
    expect({ stdout, status }).toEqual({ stdout: '', status: 75 });
    expect(stderr).toBe('get-temp: sim:x?mean=-500&noise=0&swing=0: 3 of 3 readings below absolute zero\n');
  });

  it('streams: a century is begun at once and left when nobody reads on', async () => {
    const words = '--every 1s --from 1926-01-01T00:00:00Z --to 2026-01-01T00:00:00Z';
    const { stdout, stderr, status } = await shell(`get-temp ${words} | head -2`);
    expect(stdout).toMatch(/^1926-01-01T00:00:00Z,sim,\S+\n1926-01-01T00:00:01Z,sim,\S+\n$/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('of a hundred thousand readings has a hundred thousand lines', async () => {
    const words = '--every 1s --from 2026-01-01T00:00:00Z --to 2026-01-02T03:46:40Z';
    expect((await shell(`get-temp ${words} | wc -l`)).stdout.trim()).toBe('100000');
  });
});

describe('options that contradict', () => {
  const time = '2026-11-21T10:00:00Z';

  it.each([
    ['each other: --at, --every', ['--at', time, '--every', '1m']],
    ['each other: --at, --count', ['--at', time, '--count', '2']],
    ['each other: --at, --last', ['--at', time, '--last', '1h']],
    ['each other: --from, --last', ['--from', time, '--last', '1h']],
    ['each other: --from, --count', ['--from', time, '--count', '2']],
    ['each other: --to alone', ['--to', time]],
    ['each other: --from after --to', ['--from', time, '--to', '2026-11-21T09:00:00Z']],
    ['the sensor: --unit of sim:', ['sim:', '--unit', 'F']],
    ['the sensor: --unit of w1:', ['w1:', '--unit', 'K']],
    ['the sensor: --at of a file', ['file:/dev/null', '--at', time]],
    ['the sensor: --last of a command', ['exec:echo 1', '--last', '1h']],
    ['the sensor: --every of what was recorded', ['replay:/dev/null', '--from', time, '--every', '1m']],
    ['reason: a number', ['--at', 'the other day']],
    ['reason: a length of time', ['--every', '0s']],
    ['reason: a scheme', ['ftp://host/']],
    ['reason: no scheme', ['attic']],
    ['reason: two sensors', ['sim:', 'sim:']],
  ])('%s are a usage error', async (_, words) => {
    const { stdout, stderr, status } = await runAt(NOW, ...words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 64 });
    expect(stderr).toMatch(/^get-temp: [^\n]+\n$/);
  });
});
