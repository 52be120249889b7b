import { expect, it } from 'vitest';
import { harmlessColumn, harmlessRows } from '../../src/dashboard/spreadsheet.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+cmd|x', "'+cmd|x"],
  ['-a', "'-a"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['＝1+1', "'＝1+1"],
  ['-2+3', "'-2+3"],
  ['-21.5', '-21.5'],
  ['-1e-7', '-1e-7'],
  ['+5', '+5'],
  ['attic', 'attic'],
  ['', ''],
  ['a=1', 'a=1'],
])('the cell %j becomes %j', async (text, harmless) => {
  const rows = async function* () {
    yield [[text, 'a']];
  };
  for await (const batch of harmlessRows(rows())) expect(batch).toEqual([[harmless, 'a']]);
  expect(harmlessColumn({ name: text, type: 'text' })).toEqual({ name: harmless, type: 'text' });
});
