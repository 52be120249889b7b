import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { privateFolder, root, shell } from './harness.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('the table in the README is what the tools print', async () => {
  const cwd = await privateFolder();
  const series = /`(get-temp sim:attic --from [^`]*)`/.exec(readme)?.[1];
  const [, command, table] = /^ {4}\$ (get-stats .*)\n((?: {4}[a-z].*\n)+)/m.exec(readme) ?? [];
  const { status, stdout } = await shell(`${series} > readings-2026-11.log && ${command}`, { cwd });
  expect(status).toBe(0);
  expect(stdout).toBe(table?.replaceAll(/^ {4}/gm, ''));
});

it('the chart in the README is what plot-stats draws', async () => {
  const [, command, chart = ''] = /^ {4}\$ (.* plot-stats .*)\n((?: {4}.*\n)+)/m.exec(readme) ?? [];
  expect(chart).toContain('average');
  expect((await shell(command ?? '')).stdout).toBe(chart.replaceAll(/^ {4}/gm, ''));
});

it('the README begins with the two lines that install, run and test', () => {
  const lines = readme.split('\n').filter((line) => line.startsWith('    '));
  expect(lines.slice(0, 2).map((line) => line.split('#')[0]?.trim())).toEqual([
    'npm ci && npm start',
    'npm ci && npm test',
  ]);
});

it('the README names every exit status, and no other', () => {
  const source = readFileSync(join(root, 'src', 'failure.ts'), 'utf8');
  const used = [...source.matchAll(/^ {2}[a-zA-Z]+: (\d+),$/gm)].map(([, number]) => number);
  const [, section = ''] = readme.split('## Exit status');
  const named = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => number);
  expect(named).toEqual(used);
});
