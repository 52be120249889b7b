/** The order of the folders of src, which CONTRIBUTING describes: imports, those of types too, point down, never in a circle. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './harness.ts';

/** From top to bottom. Folders, and files of src itself, of one level do not import one another. */
const LEVELS = [
  ['tools'],
  ['cli', 'dashboard', 'schedule'],
  ['counting', 'plot', 'check', 'prune', 'tables', 'weblog'],
  ['sensors', 'stores', 'queues', 'lakes', 'events', 'ledger'],
  ['databases', 'http', 'commands'],
  ['files'],
  ['addresses', 'readings'],
  ['lines'],
  ['async', 'stats', 'kernels', 'load.ts', 'failure.ts'],
];
/** The code of the browser, which imports nothing else. */
const PAGE = 'dashboard/page/';
/** What the server tells the page: only types. */
const PAGE_TYPES = 'dashboard/page/runs/runs-json.ts';
const PAGE_MAY = [PAGE, 'plot/scale.ts', 'plot/time-axis.ts', 'stats/'];

const folder = join(root, 'src');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The files of src that a file names in `import` and `export ... from`, and in literal `import()`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const names = [...text.matchAll(/(?:\bfrom|\bimport)[\s(]*'(\.[^']*\.ts)'/g)].map(([, name = '']) => name);
  return names.map((name) => normalize(join(dirname(file), name)));
}

const levelOf = (file: string): number => LEVELS.findIndex((names) => names.includes(roomOf(file)));
const roomOf = (file: string): string => file.split('/', 1).join('');

function isAllowed(from: string, to: string): boolean {
  if (from.startsWith(PAGE)) return PAGE_MAY.some((name) => to.startsWith(name));
  if (to === PAGE_TYPES) return roomOf(from) === 'dashboard';
  return !to.startsWith(PAGE) && (roomOf(from) === roomOf(to) || levelOf(from) < levelOf(to));
}

/** Files that lead back to themselves, each with the first way found. */
function circles(): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' > '));
    if (way.includes(file) || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

describe('the files of src', () => {
  it('are all in folders whose level is known, and import what is there', () => {
    expect(files.filter((file) => levelOf(file) < 0)).toEqual([]);
    expect([...imports.values()].flat().filter((file) => !files.includes(file))).toEqual([]);
    expect(imports.get('cli/launch.ts')).toContain('cli/run.ts');
  });

  it('import one another in no circle', () => {
    expect(circles()).toEqual([]);
  });

  it('import downwards', () => {
    const upwards = files.flatMap((file) =>
      (imports.get(file) ?? []).filter((to) => !isAllowed(file, to)).map((to) => `${file} > ${to}`),
    );
    expect(upwards).toEqual([]);
  });
});

it('the files that CONTRIBUTING names are where it says', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const named = [...text.matchAll(/`((?:bin|src|test|scripts)\/[^`<>*.]*(?:\.[a-z.]+)?)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});
