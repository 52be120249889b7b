import { expect, it } from 'vitest';
import { foreign } from '../../../../src/dashboard/page/shell/foreign.ts';

it('text of others turns nothing round, and is what it was otherwise', () => {
  expect(foreign('\u202egnp.exe\u202c \u2066a\u2069')).toBe('\ufffdgnp.exe\ufffd \ufffda\ufffd');
  const usual = 'שלום, été\n\t<b>';
  expect(foreign(usual)).toBe(usual);
});
