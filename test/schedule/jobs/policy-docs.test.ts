import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_POLICIES } from '../../../src/schedule/jobs/policies.ts';
import { POLICY_WORDS } from '../../../src/schedule/jobs/policy-words.ts';
import { root } from '../../harness.ts';

it('docs/schedule.md has all policies, with their defaults', () => {
  const text = readFileSync(join(root, 'docs/schedule.md'), 'utf8');
  const [, table = ''] = text.split('## Policies');
  const rows = [...table.matchAll(/^\| (`[a-z].*?) \| (.*?) \|/gm)].flatMap(
    ([, words = '', defaults = '']) => {
      const names = words.replaceAll('`', '').split(', ');
      const values = names.length > 1 ? defaults.split(', ') : [defaults];
      return names.map((name, index) => [name, values[index]?.replaceAll('`', '')] as const);
    },
  );
  const documented = new Map(rows.filter(([name]) => POLICY_WORDS.has(name)));
  const expected = [...POLICY_WORDS].map(
    ([word, { key, show }]) => [word, show(DEFAULT_POLICIES[key]) || '–'] as const,
  );
  expect(documented).toEqual(new Map(expected));
});
