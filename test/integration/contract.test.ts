/** What takes longest of the contract of all tools: `../contract.test.ts` has the rest. */

import { describe, it } from 'vitest';
import {
  expectEndWithFullPipe,
  expectEndWithSlowReader,
  expectFoundAnywhere,
  expectLastLine,
} from '../tool-checks.ts';
import { contracts } from '../tool-contracts.ts';

describe.each(contracts)('$tool', (contract) => {
  if (contract.long)
    // README: "Bounded memory, whatever the number of lines: one summary per sensor and window (with `--live`,
    // per open window); quantiles add a count per distinct value."
    it('reads stdin that has a million lines, in little memory', () => expectLastLine(contract, 'many'));

  if (contract.plenty) {
    it('ends by SIGTERM also while the reader of a pipe does not read', () =>
      expectEndWithFullPipe(contract));

    it('ends by SIGTERM also while its reader does not read', () => expectEndWithSlowReader(contract));
  }

  it('is found by path, on PATH, through links, from anywhere, and under the environment of cron', () =>
    expectFoundAnywhere(contract));
});
