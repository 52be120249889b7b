import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, privateFolder, run, shell, start, until } from '../harness.ts';
import { readSqlite } from '../stores/rows.ts';
import { isThorough } from '../thorough.ts';

const SCRIPT = '../scripts/demo.sh';

describe('npm start', () => {
  if (isThorough)
    it('with --once fills a day, shows its hours, and ends', async () => {
      const home = join(await privateFolder(), 'a demo');
      const first = await run(SCRIPT, ['--once'], { env: { DEMO_HOME: home } });
      expect(first).toMatchObject({ status: 0, stderr: '' });
      expect(first.stdout).toMatch(/^sensor +window +start/);
      expect(first.stdout).not.toContain('http://');
      const rows = readSqlite(join(home, 'stats.db'));
      for (const sensor of ['attic', 'cellar', 'garden']) {
        const of = (window: string) => rows.filter((row) => row.sensor === sensor && row.window === window);
        expect(of('1h').length).toBeGreaterThanOrEqual(24);
        expect(of('all').length).toBeGreaterThanOrEqual(1380);
        expect(new Set(of('all').map(({ count }) => count))).toEqual(new Set(['60']));
      }
      // A rolling hour that was filled in is what the job of that minute loads.
      const log = (await readFile(join(home, 'temperature.log'), 'utf8')).trimEnd().split('\n').slice(0, 60);
      const { stdout } = await shell('get-stats', { stdin: `${log.join('\n')}\n` });
      const [, , start, end] = stdout.split('\n')[1]?.split(',') ?? [];
      expect(rows.filter((row) => row.window === 'all' && row.end === end)[0]).toMatchObject({ start });
      expect(await run(SCRIPT, ['--once'], { env: { DEMO_HOME: home } })).toMatchObject({
        status: 0,
        stderr: '',
      });
    });

  it.each(isThorough ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const))(
    'serves the chart on the next free port, until %s',
    async (signal) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void other.close());
      const { port } = other.address() as AddressInfo;
      const home = await privateFolder();
      const child = start(SCRIPT, ['--port', String(port)], { env: { DEMO_HOME: home } });
      const end = ended(child);
      onTestFinished(() => void child.kill('SIGKILL'));
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await until(() => text.includes('Ctrl-C') || child.exitCode !== null, 'it serves');
      const url = /The live chart is at (http:\S+),/.exec(text)?.[1] ?? '';
      expect(new URL(url).port).not.toBe(String(port));
      const { series } = (await (await fetch(`${url}api/sensors`)).json()) as { series: unknown[] };
      expect(series).toHaveLength(6);
      child.kill(signal);
      const { status, stderr } = await end;
      expect(status).toBe(signal === 'SIGTERM' ? 143 : 130);
      expect(stderr).toMatch(/^serve-stats: 127\.0\.0\.1:\d+: address already in use\n/);
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  it.each([[['--no-such']], [['--port', 'x']], [['--port']]])('refuses %j', async (words) => {
    const home = join(await privateFolder(), 'demo');
    const { status, stdout } = await run(SCRIPT, words, { env: { DEMO_HOME: home } });
    expect([status === 0, stdout]).toEqual([false, '']);
  });
});
