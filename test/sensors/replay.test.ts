import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { privateFolder, run } from '../harness.ts';
import { tree } from './sensor-io.ts';

const LOG = `2026-11-21T10:00:00Z,attic,21.50
2026-11-21T10:02:00Z,"cellar, left",12.0
2026-11-21T10:01:00Z,attic,21.6
`;

async function replay(content: string, ...words: string[]) {
  const cwd = await tree({ 'house.log': content });
  return run('get-temp', ['replay:house.log', ...words], { cwd });
}

describe('replay:', () => {
  it('gives the first recorded reading with its own time and sensor', async () => {
    expect(await replay(LOG)).toMatchObject({
      stdout: '2026-11-21T10:00:00Z,attic,21.50\n',
      stderr: '',
      status: 0,
    });
  });

  it('gives one after the other until the end', async () => {
    expect(await replay(LOG, '--count', '10')).toMatchObject({ stdout: LOG, stderr: '', status: 0 });
    expect(await replay(LOG, '--every', '10ms')).toMatchObject({ stdout: LOG, stderr: '', status: 0 });
    expect((await replay(LOG, '--count', '2')).stdout.split('\n')).toHaveLength(3);
  });

  it('gives those from a time (inclusive) to another (exclusive), in their order', async () => {
    const { stdout, status } = await replay(
      LOG,
      '--from',
      '2026-11-21T10:01:00Z',
      '--to',
      '2026-11-21T10:03:00Z',
    );
    expect({ stdout, status }).toEqual({ stdout: LOG.split('\n').slice(1).join('\n'), status: 0 });
    const { stdout: less } = await replay(
      LOG,
      '--from',
      '2026-11-21T10:00:00Z',
      '--to',
      '2026-11-21T10:01:00Z',
    );
    expect(less).toBe('2026-11-21T10:00:00Z,attic,21.50\n');
  });

  it.each([
    ['2026-11-21T10:01:59Z', '2026-11-21T10:01:00Z,attic,21.6\n'],
    ['2026-11-21T10:02:00Z', '2026-11-21T10:02:00Z,"cellar, left",12.0\n'],
    ['2030-01-01T00:00:00Z', '2026-11-21T10:02:00Z,"cellar, left",12.0\n'],
  ])('gives the newest one at or before %s', async (time, line) => {
    expect(await replay(LOG, '--at', time)).toMatchObject({ stdout: line, stderr: '', status: 0 });
  });

  it.each([
    ['', []],
    ['time,sensor,value\n', []],
    [LOG, ['--at', '2026-11-21T09:59:59Z']],
    [LOG, ['--from', '2026-11-21T10:03:00Z']],
  ])('has no reading in %j with %j', async (content, words) => {
    const { stdout, stderr, status } = await replay(content, ...words);
    expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
    expect(stderr).toMatch(/^get-temp: replay:house\.log: [^\n]+\n$/);
  });

  it('rejects and skips what is no reading, and keeps it', async () => {
    const bad = [
      ...['ERR', '2026-11-21T10:00:00Z,attic,NaN', '21.5', '{"time":', '2026-11-21 10:00,attic,1'],
      '2026-11-21T10:00:00Z,"x',
    ];
    const cwd = await tree({ 'house.log': `${bad.join('\n')}\n${LOG}` });
    const words = ['replay:house.log', '--count', '9', '--rejects', 'rejects'];
    const { stdout, stderr, status } = await run('get-temp', words, { cwd });
    expect({ stdout, status }).toEqual({ stdout: LOG, status: 0 });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'get-temp: house.log:1: value is not a number: "ERR"',
      'get-temp: house.log:3: line has no time',
      'get-temp: house.log:4: not valid JSON: "{\\"time\\":"',
      'get-temp: house.log:5: time has no offset (get-stats --tz Europe/Berlin, or UTC): "2026-11-21 10:00"',
      'get-temp: 6 of 9 lines rejected: 2 not a number, 1 without a time, 2 malformed, 1 without an offset',
    ]);
    expect(execFileSync('cat', ['rejects'], { cwd }).toString()).toBe(`${bad.join('\n')}\n`);
  });

  it('does not judge lines behind the last one that it used', async () => {
    const { stderr, status } = await replay(`${LOG}ERR\n`, '--count', '3');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('reads a header in another order, NDJSON, two fields, other times, a BOM and CRLF', async () => {
    const log =
      '\ufeff1795255200,20\r\n' +
      '{"value":21.50,"sensor":"attic","time":"2026-11-21T11:01:00+01:00"}\r\n' +
      'Value,Time,Sensor\r\n22.0,2026-11-21T10:02:00Z,attic\r\n';
    expect(await replay(log, '--count', '5')).toMatchObject({
      stdout:
        '2026-11-21T10:00:00Z,house,20\n2026-11-21T10:01:00Z,attic,21.50\n2026-11-21T10:02:00Z,attic,22.0\n',
      stderr: '',
      status: 0,
    });
  });

  it('counts a last line without newline only with all its fields', async () => {
    expect((await replay('2026-11-21T10:00:00Z,attic,21.5')).status).toBe(0);
    const torn = await replay('2026-11-21T10:00:00Z,attic,21.5\n1795255260,21', '--count', '2');
    expect(torn.stdout).toBe('2026-11-21T10:00:00Z,attic,21.5\n');
    expect(torn.stderr).toContain('1 of 2 lines rejected: 1 torn');
  });

  it('rejects what is out of range', async () => {
    const period = ['--from', '2026-11-21T00:00:00Z', '--to', '2026-11-22T00:00:00Z'];
    const { stdout, stderr, status } = await replay(LOG, '--range', '20..', ...period);
    expect(stdout).toBe('2026-11-21T10:00:00Z,attic,21.50\n2026-11-21T10:01:00Z,attic,21.6\n');
    expect(stderr).toBe(
      'get-temp: house.log:2: out of range 20..: 12.0\nget-temp: 1 of 3 lines rejected: 1 out of range\n',
    );
    expect(status).toBe(0);
  });

  it('does not wait for the writer of a FIFO', async () => {
    const cwd = await privateFolder();
    execFileSync('mkfifo', ['fifo'], { cwd });
    const { stderr, status } = await run('get-temp', ['replay:fifo'], { cwd });
    expect({ stderr, status }).toEqual({
      stderr: 'get-temp: replay:fifo: is not a regular file\n',
      status: 69,
    });
  });
});
