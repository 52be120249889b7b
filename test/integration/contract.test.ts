/** What takes longest of the contract of all tools: `../contract.test.ts` has the rest. */

import { describe, it } from 'vitest';
import { launchContract } from '../launch-contract.ts';
import { expectLastLine } from '../tool-checks.ts';
import { contracts } from '../tool-contracts.ts';

launchContract(contracts);

describe.each(contracts.filter(({ long }) => long))('$tool', (contract) => {
  // README: "Bounded memory, whatever the number of lines: one summary per sensor and window (with `--live`,
  // per open window); quantiles add 8 to 32 bytes for each distinct value."
  it('reads stdin that has a million lines, in little memory', () => expectLastLine(contract, 'many'));
});
