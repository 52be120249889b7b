import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../src/readings/time.ts';

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0);
/** Years 0000 to 9999, as RFC 3339 can say them. */
const instants = fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9999, 11, 30) });

describe('parseTime', () => {
  it.each([
    ['2026-11-21T12:00:00Z', NOON],
    ['2026-11-21t12:00:00z', NOON],
    ['2026-11-21 12:00:00Z', NOON],
    ['2026-11-21T12:00Z', NOON],
    ['2026-11-21T13:00:00+01:00', NOON],
    ['2026-11-21T13:00:00+0100', NOON],
    ['2026-11-21T06:30:00-05:30', NOON],
    ['2026-11-21T13:00:00+01', NOON],
    ['2026-11-21 13:00:00+01', NOON],
    ['2026-11-21 13:00:00.000+01', NOON],
    ['2026-11-21 13:00:00 +0100', NOON],
    ['2026-11-21 12:00:00 UTC', NOON],
    ['2026-11-21 12:00:00UTC', NOON],
    ['2026-11-21 12:00:00.5 UTC', NOON + 500],
    ['2026/11/21 12:00:00Z', NOON],
    ['2026/11/21 12:00Z', NOON],
    ['2026/11/21T06:30-05:30', NOON],
    ['2026-11-22T11:59:00+23:59', NOON],
    ['2026-11-21T12:00:00-00:00', NOON],
    ['2026-11-21T12:00:00.5Z', NOON + 500],
    ['2026-11-21T12:00:00,25Z', NOON + 250],
    ['2026-11-21T12:00:00.123456789Z', NOON + 123],
    ['2026-11-21T12:00:00.999999999999Z', NOON + 999],
    ['2026-11-21T11:59:60Z', NOON],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0001-01-01T00:00:00Z', new Date('0001-01-01T00:00:00Z').getTime()],
    ['0000-02-29T00:00:00Z', new Date('0000-02-29T00:00:00Z').getTime()],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
    ['0', 0],
    ['1795262400', NOON],
    ['1795262400.25', NOON + 250],
    ['1795262400000', NOON],
    ['1795262400000.9', NOON],
    ['2174467876.640', 2_174_467_876_640],
    ['-1', -1000],
    ['-62167219200', new Date('0000-01-01T00:00:00Z').getTime()],
    ['-0.5', -500],
    ['99999999999', 99_999_999_999_000],
    ['100000000000', 100_000_000_000],
    ['99999999999999', 99_999_999_999_999],
    ['100000000000000', 100_000_000_000],
    ['1795262400123456', NOON + 123],
    ['1795262400123456.7', NOON + 123],
    ['99999999999999999', 99_999_999_999_999],
    ['100000000000000000', 100_000_000_000],
    ['1795262400123456789', NOON + 123],
    ['-1795262400123456789', -(NOON + 123)],
    ['00001795262400', NOON],
    // None of these is a date of 1900 to 2099.
    ['20261321', 20_261_321_000],
    ['20261132', 20_261_132_000],
    ['20261100', 20_261_100_000],
    ['18991231', 18_991_231_000],
    ['21000101', 21_000_101_000],
    ['2026112124', 2_026_112_124_000],
    ['2026112110.5', 2_026_112_110_500],
    ['202611211060', 202_611_211_060],
    ['20261121100470', 20_261_121_100_470],
    ['202611211', 202_611_211_000],
    ['2026112110040', 2_026_112_110_040],
    ['-20261121', -20_261_121_000],
  ])('reads %s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each([
    '',
    ' ',
    'time',
    'ERR',
    'NaN',
    'Infinity',
    '2026-11-21',
    '12:00:00',
    '2026-11-21T12:00:00',
    '2026-11-21T12:00:00+1',
    '2026-11-21T12:00:00+24:00',
    '2026-11-21T12:00:00+01:60',
    '2026-11-21T24:00:00Z',
    '2026-11-21T12:60:00Z',
    '2026-11-21T12:00:61Z',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-11-00T12:00:00Z',
    '2026-11-21T12:00:00.Z',
    ' 2026-11-21T12:00:00Z',
    '2026-11-21T12:00:00Z\n',
    '26-11-21T12:00:00Z',
    '1e9',
    '0x10',
    '+5',
    '.5',
    '5.',
    '123456789012345678901',
    // They read as dates.
    '20261121',
    '2026112110',
    '202611211004',
    '20261121100400',
    '20261121100460',
    '20261121100400.5',
    '19000101',
    '20991231235959',
    '2026-11-21Z',
    '2026-11-21+01:00',
    '2026/11/21',
    '2026/11-21 12:00:00Z',
    '2026-11/21 12:00:00Z',
    '2026.11.21 12:00:00Z',
    '2026-11-21  12:00:00Z',
    '2026-11-21 12:00:00  +01',
    '2026-11-21 12:00:00 ',
    '2026-11-21 12:00:00 CET',
    '2026-11-21 12:00:00+010',
    '2026-11-21 12Z',
    // RFC 3339 cannot write them in UTC.
    '9999-12-31T23:59:59-00:01',
    '0000-01-01T00:00:00+00:01',
    '-99999999999',
    '-62167219201',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('agrees with Date for every instant', () => {
    fc.assert(
      fc.property(instants, (time) => {
        expect(parseTime(new Date(time).toISOString())).toBe(time);
      }),
    );
  });

  it('agrees with Date for every offset', () => {
    const offset = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    fc.assert(
      fc.property(instants, offset, (time, [sign, hours, minutes]) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const text = `${new Date(time).toISOString().slice(0, -1)}${sign}${two(hours)}:${two(minutes)}`;
        expect(parseTime(text)).toBe(Date.parse(text));
      }),
    );
  });

  it('refuses exactly the days that do not exist', () => {
    const part = fc.integer({ min: 0, max: 40 }).map((number) => String(number).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), part, part, (year, month, day) => {
        const text = `${year}-${month}-${day}T00:00:00.000Z`;
        const date = new Date(text);
        const exists = !Number.isNaN(date.getTime()) && date.toISOString() === text;
        expect(parseTime(text)).toBe(exists ? date.getTime() : undefined);
      }),
    );
  });

  it('reads seconds, milliseconds, microseconds and nanoseconds of today as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e8, max: 4e9 }), (seconds) => {
        expect(parseTime(String(seconds))).toBe(seconds * 1000);
        for (const zeros of [3, 6, 9])
          expect(parseTime(`${seconds}${'0'.repeat(zeros)}`)).toBe(seconds * 1000);
      }),
    );
  });

  it('reads the milliseconds of decimal seconds exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e9, max: 4e9 }), fc.integer({ min: 0, max: 999 }), (seconds, ms) => {
        const text = `${seconds}.${String(ms).padStart(3, '0')}`;
        expect(parseTime(text)).toBe(seconds * 1000 + ms);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789-:TZ+. ') }), (text) => {
        const time = parseTime(text);
        expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
      }),
    );
  });
});

describe('formatTime', () => {
  it('shows milliseconds only where there are some', () => {
    expect(formatTime(NOON)).toBe('2026-11-21T12:00:00Z');
    expect(formatTime(NOON + 50)).toBe('2026-11-21T12:00:00.050Z');
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(instants, (time) => {
        expect(parseTime(formatTime(time))).toBe(time);
      }),
    );
  });
});
