import { expect, it } from 'vitest';
import type { Batch } from '../../../src/tables/input/batch.ts';
import { previews } from '../../../src/tables/input/preview.ts';
import { batchOf } from '../batch-of.ts';

async function preview(...batches: Batch[]): Promise<string> {
  let text = '';
  for await (const piece of previews(each(batches))) text += piece;
  return text;
}

async function* each(batches: readonly Batch[]) {
  yield* batches;
}

it('is CSV in which null and empty text differ, and no line looks like JSON', async () => {
  const rows = [
    [null, ''],
    ['a,b', 'say "x"'],
    ['{', '\n'],
  ];
  expect(await preview(batchOf(rows, ['a', 'b']))).toBe('a,b\n,""\n"a,b","say ""x"""\n"{","\n"\n');
});

it('has a header again where the columns change, and times in UTC', async () => {
  const time = batchOf([['2026-11-21T12:04:00+02:00']], ['t'], ['timestamp']);
  expect(await preview(batchOf([['1']], ['a']), batchOf([['2']], ['a']), time)).toBe(
    'a\n1\n2\nt\n2026-11-21T10:04:00Z\n',
  );
});

it('is empty without batches', async () => {
  expect(await preview()).toBe('');
});
