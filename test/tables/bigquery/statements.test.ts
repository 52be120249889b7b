import { describe, expect, it } from 'vitest';
import {
  addStatement,
  columnOf,
  mergeStatement,
  newColumn,
  quoted,
} from '../../../src/tables/bigquery/statements.ts';

const columns = [newColumn({ name: 'k', type: 'integer' }), newColumn({ name: 'v', type: 'text' })];

describe('a statement', () => {
  it('quotes names', () => {
    expect(quoted('p', 'a`b\\c')).toBe('`p`.`a\\`b\\\\c`');
  });

  it('merges by key, and leaves what is not mentioned', () => {
    expect(mergeStatement('`t`', '`s`', columns, [0])).toBe(
      'MERGE `t` AS t USING (SELECT mentioned, CAST(c0 AS INT64) AS c0, c1 AS c1 FROM `s`) AS s ON t.`k` = s.c0 ' +
        "WHEN MATCHED THEN UPDATE SET `v` = IF(SUBSTR(s.mentioned, 2, 1) = '1', s.c1, t.`v`) " +
        'WHEN NOT MATCHED THEN INSERT (`k`, `v`) VALUES (s.c0, s.c1)',
    );
    expect(mergeStatement('`t`', '`s`', columns.slice(0, 1), [0])).not.toContain('WHEN MATCHED');
  });

  it('adds columns', () => {
    expect(addStatement('`t`', columns)).toBe(
      'ALTER TABLE `t` ADD COLUMN IF NOT EXISTS `k` INT64, ADD COLUMN IF NOT EXISTS `v` STRING',
    );
  });

  it.each([
    ['INTEGER', 'integer', 'INT64'],
    ['NUMERIC', 'decimal', 'NUMERIC'],
    ['BOOLEAN', 'boolean', 'BOOL'],
    ['STRING', 'verbatim', 'STRING'],
    ['DATE', 'verbatim', 'DATE'],
  ])('takes a column of %s for %s, and casts to %s', (type, found, sql) => {
    expect(columnOf({ name: 'a', type })).toEqual({ name: 'a', type: found, sql });
  });
});
