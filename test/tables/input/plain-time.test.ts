import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlainTime, isUtcTime } from '../../../src/tables/input/plain-time.ts';
import { utcTime } from '../../../src/tables/input/utc-time.ts';

function both(text: string): [boolean, boolean] {
  const bytes = Buffer.from(`0${text}0`);
  return [isPlainTime(bytes, 1, bytes.length - 1), isUtcTime(bytes, 1, bytes.length - 1)];
}

it.each([
  ['2026-11-21T10:04:00Z', [true, true]],
  ['2026-11-21T12:04:00+02:00', [true, false]],
  ['2026-11-21T12:04:00-14:59', [true, false]],
  ['2026-11-21T12:04:00+15:00', [false, false]],
  ['2026-11-21T10:04:00.5Z', [false, false]],
  ['2026-11-21 10:04:00Z', [false, false]],
  ['2026-11-21T24:04:00Z', [false, false]],
  ['2026-13-21T10:04:00Z', [false, false]],
  ['2026-11-29T10:04:00Z', [false, false]],
  ['0099-11-21T10:04:00Z', [false, false]],
  ['2026-11-2:T10:04:00Z', [false, false]],
])('says of %s, with any offset and in UTC: %j', (text, expected) => {
  expect(both(text)).toEqual(expected);
});

it('accepts only times, and in UTC only as tables hold them', () => {
  const text = '2026-11-21T10:04:00+02:00';
  const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(...'0123456789-:TZ+ '));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 3 }), fc.boolean(), (changes, isUtc) => {
      const letters = [...(isUtc ? `${text.slice(0, 19)}Z` : text)];
      for (const [at, letter] of changes) if (at < letters.length) letters[at] = letter;
      const time = letters.join('');
      const [plain, utc] = both(time);
      if (plain) expect(utcTime(time)).toBeDefined();
      if (utc) expect(utcTime(time)).toBe(time);
    }),
    { numRuns: 3000 },
  );
});
