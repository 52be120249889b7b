import { describe, expect, it } from 'vitest';
import {
  addStatement,
  createStatement,
  widenStatement,
} from '../../../src/tables/postgres/postgres-columns.ts';

const LONG = 'é'.repeat(32);

describe('the statements of a Postgres table', () => {
  it('create it with its key', () => {
    const columns = [
      { name: 'a "b"', type: 'long' },
      { name: 'c', type: 'decimal' },
    ] as const;
    expect(createStatement('t', columns, ['c'])).toBe(
      'CREATE TABLE "t" ("a ""b""" BIGINT, "c" NUMERIC, PRIMARY KEY ("c"))',
    );
    expect(createStatement('t', columns.slice(1), [])).toBe('CREATE TABLE "t" ("c" NUMERIC)');
  });

  it('add and widen columns', () => {
    expect(addStatement('t', { name: 'b', type: 'boolean' })).toBe('ALTER TABLE "t" ADD COLUMN "b" BOOLEAN');
    expect(widenStatement('t', { name: 'n', type: 'integer' }, 'decimal')).toBe(
      'ALTER TABLE "t" ALTER COLUMN "n" TYPE NUMERIC USING "n"::NUMERIC',
    );
    expect(widenStatement('t', { name: 'n', type: 'timestamp' }, 'text')).toContain('YYYY-MM-DD"T"HH24');
  });

  it('refuse (65) names that Postgres would cut', () => {
    const refused = expect.objectContaining({ status: 65, message: expect.stringContaining('63 bytes') });
    expect(() => createStatement(LONG, [], [])).toThrow(refused);
    expect(() => createStatement('t', [{ name: LONG, type: 'text' }], [])).toThrow(refused);
    expect(() => addStatement('t', { name: LONG, type: 'text' })).toThrow(refused);
  });
});
