import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readItems } from '../../../../src/schedule/graph/execution/items.ts';
import type { Each } from '../../../../src/schedule/graph/graph.ts';
import { privateFolder } from '../../../harness.ts';

const never = new AbortController().signal;

/** A folder with these folders in it, and what is found there. */
async function folderWith(names: readonly string[], within = '.') {
  const cwd = join(await privateFolder(), within);
  for (const name of names) mkdirSync(join(cwd, name), { recursive: true });
  const find = (each: Each, signal = never, runDirectory = cwd) =>
    readItems({ each, cwd }, { runDirectory, stop: { signal, insist: never, graceMs: 0 } });
  return {
    cwd,
    find,
    glob: (pattern: string, signal?: AbortSignal) => find({ kind: 'glob', pattern }, signal),
  };
}

const FIFTY = Array.from({ length: 50 }, (_, at) => `d${at}`);
/** So many matches that nobody lives to see the end. */
const ENDLESS = Array(9).fill('*').join('/../');

it('finds names with blanks, line ends, signs of patterns and a leading hyphen, each as one', async () => {
  const names = ['-n', 'a b', 'a\nb', 'c*', 'd[e]', '{f,g}', '$(touch h)', '\\i'];
  const { glob } = await folderWith(names);
  expect((await glob('*'))?.toSorted()).toEqual(names.toSorted());
});

it.each(['a[b]c', 'a*', '?', 'a\\b', 'a b', '[!a]', '[^x]'])(
  'finds what is in a folder of the run called %j',
  async (name) => {
    const { cwd, glob } = await folderWith(['x1', 'x2'], name);
    mkdirSync(join(cwd, '../abc'));
    expect(await glob('$ETL_RUN_DIR/x*')).toEqual([`${cwd}/x1`, `${cwd}/x2`]);
  },
);

it('refuses a name that would be another one in $ETL_ITEM', async () => {
  const { cwd, glob, find } = await folderWith([]);
  spawnSync('bash', ['-c', "touch $'gr\\xfcn'"], { cwd });
  await expect(glob('gr*')).rejects.toMatchObject({
    status: 65,
    message: 'the item "gr\ufffdn" is not UTF-8',
  });
  writeFileSync(join(cwd, 'list'), 'a\nb\0c\n');
  await expect(find({ kind: 'lines', file: 'list' })).rejects.toMatchObject({
    ...{ status: 65, message: 'the item "b\\u0000c" has a NUL' },
  });
});

it('takes lines but for blank ones, with a byte order mark, CRLF, and no newline at the end', async () => {
  const { cwd, find } = await folderWith([]);
  writeFileSync(join(cwd, 'list'), '\ufeffone\r\n\r\n \t\r\n two \nthree');
  expect(await find({ kind: 'lines', file: 'list' })).toEqual(['one', ' two ', 'three']);
});

it('refuses more than 100,000', async () => {
  const { cwd, find } = await folderWith([]);
  writeFileSync(join(cwd, 'list'), 'x\n'.repeat(100_001));
  await expect(find({ kind: 'lines', file: 'list' })).rejects.toMatchObject({ status: 65 });
});

it('is ended while it looks for names', async () => {
  const { glob } = await folderWith(FIFTY);
  const over = new AbortController();
  const found = glob(ENDLESS, over.signal);
  over.abort();
  expect(await found).toBeUndefined();
});
