import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from '../harness.ts';
import { queueFolder } from './queue-tools.ts';

const HEADER = 'queue,partition,group,ready,leased,delayed,dead,oldest,next,end\n';

describe('queue-stat', () => {
  it('shows a row for each group, as CSV, JSON or a table', async () => {
    const { put, take, tool, stat } = await queueFolder();
    await put('a\nb\nc\n');
    expect((await tool('queue-stat', ['q'])).stdout).toMatch(/^.*\nq,,,3,0,0,0,2\d{3}-[-\dT:.]+Z,0,3\n$/);
    await take('--count', '1');
    await take('--group', 'other');
    expect(await stat()).toEqual([
      {
        ...{ queue: 'q', partition: null, group: 'default', ready: 2, leased: 0, delayed: 0, dead: 0 },
        ...{ oldest: expect.stringMatching(/Z$/), next: 1, end: 3 },
      },
      {
        ...{ queue: 'q', partition: null, group: 'other', ready: 0, leased: 0, delayed: 0, dead: 0 },
        ...{ oldest: null, next: 3, end: 3 },
      },
    ]);
    expect((await tool('queue-stat', ['q', '--group', 'other'])).stdout).toBe(
      `${HEADER}q,,other,0,0,0,0,,3,3\n`,
    );
    expect((await tool('queue-stat', ['q', '--table', '--group', 'other'])).stdout).toBe(
      'queue  partition  group  ready  leased  delayed  dead  oldest  next  end\n' +
        'q                 other      0       0        0     0             3    3\n',
    );
  });

  it('shows each partition', async () => {
    const { put, tool } = await queueFolder();
    await tool('queue-make', ['q', '--partitions', '2']);
    await put('a\n');
    await put('k,b\nk,c\n', '--key-separator', ',');
    const { stdout } = await tool('queue-stat', ['q', '--by', 'partition']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    expect(rows.map(([, partition, , ready]) => [partition, ready]).toSorted()).toEqual([
      ['0', '1'],
      ['1', expect.stringMatching(/[02]/)],
      ['2', expect.stringMatching(/[02]/)],
    ]);
  });

  it('shows all queues of the folder without operands', async () => {
    const { tool, cwd } = await queueFolder();
    expect(await tool('queue-stat', [])).toMatchObject({ status: 66, stdout: '' });
    await shell('echo a | queue-put b.queue; echo a | queue-put a.queue; touch c.txt', { cwd });
    expect((await tool('queue-stat', [])).stdout.replaceAll(/,.*/g, '')).toBe('queue\na.queue\nb.queue\n');
  });

  it('checks limits (1), and says when it cannot (3)', async () => {
    const { put, tool, take } = await queueFolder();
    await put('a\nb\n');
    await take('--', 'sh', '-c', '! grep -q a || exit 65');
    const check = (...words: string[]) => tool('queue-stat', ['q', ...words]);
    expect(await check('--max-dead', '1', '--max-ready', '0', '--max-age', '1h')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await check('--max-dead', '0')).toMatchObject({
      status: 1,
      stdout: `${HEADER}q,,default,0,0,0,1,,2,2\n`,
      stderr: 'queue-stat: q: group default: dead 1: more than --max-dead\n',
    });
    await put('c\n');
    expect(await check('--max-ready', '0', '--max-age', '1ms')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^queue-stat: q: group default: ready 1: more than --max-ready\nqueue-stat: .*oldest 2.*Z: longer ago than --max-age\n$/,
      ),
    });
    expect(await check('missing', '--max-dead', '1')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('q,,default'),
      stderr: 'queue-stat: missing: no such queue\n',
    });
    expect(await check('missing', '--max-dead', '0')).toMatchObject({ status: 1 });
    expect(await check('--group', 'no', '--max-dead', '0')).toMatchObject({ status: 3 });
    expect(await check('--group', 'no')).toMatchObject({ status: 66 });
  });

  it('makes nothing, and changes nothing', async () => {
    const { put, tool, cwd } = await queueFolder();
    expect(await tool('queue-stat', ['q'])).toMatchObject({
      status: 66,
      stdout: '',
      stderr: 'queue-stat: q: no such queue\n',
    });
    expect(readdirSync(cwd)).toEqual([]);
    await put('a\n');
    const before = readFileSync(join(cwd, 'q'));
    expect((await tool('queue-stat', ['q'])).status).toBe(0);
    expect(readFileSync(join(cwd, 'q')).equals(before)).toBe(true);
    await shell('echo text > text.queue', { cwd });
    expect(await tool('queue-stat', ['text.queue'])).toMatchObject({ status: 78 });
  });
});
