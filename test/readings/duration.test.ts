import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseWait, showDuration } from '../../src/readings/duration.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 15 * MINUTE],
    ['1h', HOUR],
    ['7d', 7 * DAY],
    ['2w', 14 * DAY],
    ['250ms', 250],
    ['1.5h', 90 * MINUTE],
    ['0.1s', 100],
    ['1h30m', 90 * MINUTE],
    ['1m500ms', MINUTE + 500],
    ['PT1H', HOUR],
    ['PT90S', 90_000],
    ['PT0.5S', 500],
    ['P1D', DAY],
    ['P1DT12H', 36 * HOUR],
    ['P2W', 14 * DAY],
    ['PT1H30M5S', 90 * MINUTE + 5000],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '1',
    '60',
    '0s',
    '0.0001s',
    '-1h',
    '+1h',
    '1 h',
    ' 1h',
    '1h ',
    '1H',
    'h',
    '1y',
    'P1Y',
    'P1M',
    'P',
    'PT',
    'P1DT',
    'PT1H1D',
    'pt1h',
    '1e3s',
    '.5h',
    '1.h',
    'all',
    'NaNs',
    '99999999999999999999d',
  ])('refuses %j', (text) => {
    const hint = /^[1-9]\d*$/.test(text) ? `${text}s` : '90s';
    expect(() => parseDuration(text)).toThrow(
      `not a duration: ${JSON.stringify(text)} (write ${hint}, 15m, 1h, 7d or PT1H)`,
    );
  });

  it('reads the short form and ISO 8601 as the same', () => {
    const count = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(count, count, count, count, (days, hours, minutes, seconds) => {
        const short = parseDuration(`${days}d${hours}h${minutes}m${seconds}s`);
        expect(short).toBe(days * DAY + hours * HOUR + minutes * MINUTE + seconds * 1000);
        expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(short);
      }),
    );
  });
});

it.each(['0', '0s', '0ms', '0d', 'PT0S'])('a time to wait may be none: %s', (text) => {
  expect(parseWait(text)).toBe(0);
});

it('a time to wait is a duration otherwise', () => {
  expect(parseWait('1500ms')).toBe(1500);
  for (const text of ['', '00', '-0s', '1', '0s0s', 'none'])
    expect(() => parseWait(text)).toThrow('not a duration');
});

describe('showDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1s500ms'],
    [90_000, '1m30s'],
    [5_400_000, '1h30m'],
    [691_200_000, '8d'],
  ])('%d is %s', (milliseconds, text) => expect(showDuration(milliseconds)).toBe(text));

  it('shows what parseWait reads', () =>
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), (milliseconds) => {
        expect(parseWait(showDuration(milliseconds))).toBe(milliseconds);
      }),
    ));
});
