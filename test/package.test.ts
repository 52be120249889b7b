import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './harness.ts';

const { bin, man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tools = readdirSync(join(root, 'src', 'tools')).map((name) => basename(name, '.ts'));

it('installs every tool and its manual page', () => {
  expect(bin).toEqual(Object.fromEntries(tools.map((tool) => [tool, `bin/${tool}`])));
  const pages = [...tools.map((tool) => `man/${tool}.1`), 'man/etlutils.7'];
  expect(man.toSorted()).toEqual(pages.toSorted());
});

it('ships what was built, without source maps, tests and kept code', () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files }] = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(expect.arrayContaining([...Object.values<string>(bin), ...man]));
  expect(paths).toEqual(expect.arrayContaining(tools.map((tool) => `dist/tools/${tool}.cjs`)));
  // The README refers to it.
  expect(paths).toContain('docs/cluster.md');
  // The sample pipelines start a source of their own.
  const servers = ['scripts/servers/sample-source.js'];
  expect(paths.filter((path) => path.startsWith('scripts/servers/'))).toEqual(servers);
  expect(paths.filter((path) => /\.map$|^(test|src)\/|^dist\/cache\//.test(path))).toEqual([]);
});
