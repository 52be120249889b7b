import { expect, it } from 'vitest';
import { parseRunsQuery } from '../../../src/dashboard/runs/runs-query.ts';

it('takes each state and trigger once, since a ledger keeps a statement for each number of them', () => {
  const query = new URLSearchParams('state=failed&state=success&state=failed&trigger=manual&trigger=manual');
  expect(parseRunsQuery(query)).toMatchObject({ states: ['failed', 'success'], triggers: ['manual'] });
});
