import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ended, shell, start, until } from '../harness.ts';
import { good, queueFolder } from './queue-tools.ts';

describe('queue-make', () => {
  it.each([
    [[], 'no QUEUE'],
    [['q', '--drop'], '--drop deletes all messages: it needs --yes'],
    [['q', '--drop', '--yes', '--partitions', '1'], '--drop takes no shape'],
    [['q', '--keep', 'long'], '--keep: neither a duration nor a size: "long"'],
    [['q', '--partitions', '0'], '--partitions: not a whole number of at least 1'],
    [['q', '--replication', '3'], 'q: a file has no replicas'],
  ])('refuses %j', async (words, message) => {
    const { tool, cwd } = await queueFolder();
    const end = await tool('queue-make', words);
    expect(end).toMatchObject({ status: 64, stdout: '' });
    expect(end.stderr).toContain(`queue-make: ${message}`);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('makes a queue once, of one shape (65)', async () => {
    const { tool, put, bodies } = await queueFolder();
    const shape = ['--partitions', '3', '--keep', '1d', '--max-bytes', '1M'];
    for (let times = 0; times < 2; times++) expect(await tool('queue-make', ['q', ...shape])).toEqual(good());
    expect(await tool('queue-make', ['q'])).toEqual(good());
    await put('a\n');
    for (const other of [
      ['--partitions', '4'],
      ['--keep', '2d'],
      ['--keep', '1G'],
      ['--max-bytes', '2M'],
    ])
      expect(await tool('queue-make', ['q', ...other])).toMatchObject({
        status: 65,
        stderr: expect.stringMatching(/^queue-make: q: has another shape: 3 partitions, .*\n$/),
      });
    expect(await bodies()).toEqual(['a']);
  });

  it('deletes a queue, again and again', async () => {
    const { tool, put, cwd } = await queueFolder();
    await put('a\n');
    expect(await tool('queue-make', ['q', '--drop', '--yes'])).toEqual(good());
    expect(readdirSync(cwd)).toEqual([]);
    expect(await tool('queue-make', ['q', '--drop', '--yes', '-v'])).toMatchObject({
      status: 0,
      stderr: 'queue-make: q: no such queue\n',
    });
    await shell('echo text > q', { cwd });
    expect(await tool('queue-make', ['q', '--drop', '--yes'])).toMatchObject({ status: 78 });
  });

  it('deletes no queue at which somebody waits, and says no more than that (75)', async () => {
    const { cwd, tool } = await queueFolder();
    await tool('queue-make', ['q']);
    const child = start('queue-take', ['q'], { cwd });
    const end = ended(child);
    await until(() => readdirSync(cwd).some((name) => name.includes('.lease-')), 'queue-take waits');
    expect(await tool('queue-make', ['q', '--drop', '--yes'])).toMatchObject({
      status: 75,
      stderr: 'queue-make: q: in use\n',
    });
    child.kill('SIGTERM');
    await end;
    expect(await tool('queue-make', ['q', '--drop', '--yes'])).toEqual(good());
  });

  it('waits for room, then gives up (75)', async () => {
    const { tool, put, take } = await queueFolder();
    await tool('queue-make', ['q', '--max-bytes', '4']);
    const waiting = put('abcd\nefgh\n', '--wait', '30s', '--batch', '1');
    expect((await tool('queue-take', ['q', '--count', '2'])).stdout).toBe('abcd\nefgh\n');
    expect(await waiting).toEqual(good());
    expect(await take()).toEqual(good());
  });
});
