import { describe, expect, it } from 'vitest';
import { identifier, newPostgresIdentifier } from '../../src/databases/identifier.ts';

describe('identifier', () => {
  it.each([
    ['end', '"end"'],
    ['', '""'],
    [`a "b"; DROP TABLE c --`, `"a ""b""; DROP TABLE c --"`],
    ["o'clock", `"o'clock"`],
  ])('quotes %j', (name, sql) => {
    expect(identifier(name)).toBe(sql);
    expect(newPostgresIdentifier(name)).toBe(sql);
  });
});

describe('newPostgresIdentifier', () => {
  it('takes 63 bytes, and refuses (65) 64', () => {
    expect(newPostgresIdentifier('x'.repeat(63))).toBe(`"${'x'.repeat(63)}"`);
    expect(() => newPostgresIdentifier('ö'.repeat(32))).toThrow(
      expect.objectContaining({
        status: 65,
        message: `a name is longer than 63 bytes: "${'ö'.repeat(32)}"`,
      }),
    );
  });
});
