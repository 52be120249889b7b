import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/readings/duration.ts';
import { windowName } from '../../src/readings/window-name.ts';

describe('the one name of a window', () => {
  it.each([
    ['1h', '1h', 'PT1H', '60m', '3600s', 'PT60M', '0.5h30m', '3600000ms', '01h'],
    ['90m', '90m', '1h30m', 'PT1H30M', '1.5h'],
    ['24h', '24h', 'PT24H', '1440m', '23h60m'],
    ['1d', '1d', 'P1D'],
    ['1w', '1w', '7d', 'P7D', 'P1W'],
    ['8d', '8d', '1w1d', 'P1W1D'],
    ['36h', '36h', '1d12h', '1.5d', 'P1DT12H'],
    ['250ms', '250ms', '0.25s', 'PT0.25S'],
    ['3mo', '3mo', 'P3M'],
    ['1y', '1y', '12mo', 'P1Y', 'P12M'],
  ])('is %s', (name, ...texts) => {
    for (const text of texts) expect(windowName(text)).toBe(name);
  });

  it.each([
    '',
    'all',
    'rolling',
    '1 h',
    '1H',
    '0m',
    'P',
    '5',
    '1h ',
    '100mo',
    '1hh',
    '-1h',
    `1${'0'.repeat(400)}h`,
  ])('is %j itself where it is no length', (text) => expect(windowName(text)).toBe(text));

  it('has the same length, and is its own name', () => {
    const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), unit), { minLength: 1, maxLength: 3 }),
        (parts) => {
          const text = parts.map(([count, name]) => `${count}${name}`).join('');
          const name = windowName(text);
          expect(parseDuration(name)).toBe(parseDuration(text));
          expect(windowName(name)).toBe(name);
        },
      ),
    );
  });
});
