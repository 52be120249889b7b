import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeFormat } from '../../src/readings/time-format.ts';

/** What the clock shows, and its offset: `2026-11-21T10:04:00.000 +60`; undefined when the text is not of the form. */
function read(format: string, text: string): string | undefined {
  const written = parseTimeFormat(format).read(text);
  if (written === undefined) return undefined;
  const { wallMs, offsetMs } = written;
  const offset = offsetMs === undefined ? '' : ` ${offsetMs / 60_000}`;
  return `${new Date(wallMs).toISOString().slice(0, -1)}${offset}`;
}

describe('a form of times', () => {
  it.each([
    ['%d.%m.%Y %H:%M', '21.11.2026 10:04', '2026-11-21T10:04:00.000'],
    ['%d.%m.%Y %H:%M', '1.2.2026 9:04', '2026-02-01T09:04:00.000'],
    ['%d.%m.%Y %H:%M', '21.11.2026  10:04', '2026-11-21T10:04:00.000'],
    ['%-d.%-m.%Y', '1.2.2026', '2026-02-01T00:00:00.000'],
    ['%m/%d/%y %I:%M %p', '11/21/26 12:04 AM', '2026-11-21T00:04:00.000'],
    ['%m/%d/%y %I:%M:%S%p', '11/21/26 12:04:05pm', '2026-11-21T12:04:05.000'],
    ['%m/%d/%Y %l:%M %p', '11/21/2026  1:04 p.m.', '2026-11-21T13:04:00.000'],
    ['%D %R', '11/21/99 10:04', '1999-11-21T10:04:00.000'],
    ['%F %T', '2026-11-21 10:04:05', '2026-11-21T10:04:05.000'],
    ['%F %T', '2026-11-21 10:04:05.6789', '2026-11-21T10:04:05.678'],
    ['%F %T.%f', '2026-11-21 10:04:05.6789', '2026-11-21T10:04:05.678'],
    ['%F %H:%M:%S:%f', '2026-11-21 10:04:05:6', '2026-11-21T10:04:05.600'],
    ['%F %T,%N', '2026-11-21 10:04:05,123456789', '2026-11-21T10:04:05.123'],
    ['%Y%m%d%H%M%S', '20261121100405', '2026-11-21T10:04:05.000'],
    ['%Y%m%d%H%M', '202611211004', '2026-11-21T10:04:00.000'],
    ['%Y%m%d%H', '2026112110', '2026-11-21T10:00:00.000'],
    ['%Y%m%d', '20261121', '2026-11-21T00:00:00.000'],
    ['%Y-%m', '2026-11', '2026-11-01T00:00:00.000'],
    ['%b %Y', 'Nov 2026', '2026-11-01T00:00:00.000'],
    ['%Y', '1880', '1880-01-01T00:00:00.000'],
    ['%Y%j', '2024060', '2024-02-29T00:00:00.000'],
    ['%Y %j %H', '2026 1 5', '2026-01-01T05:00:00.000'],
    ['%a %b %e %H:%M:%S %Y', 'Sun Nov  1 10:04:05 2026', '2026-11-01T10:04:05.000'],
    ['%A, %d. %B %Y', 'saturday, 21. november 2026', '2026-11-21T00:00:00.000'],
    ['%d-%b-%Y', '21-NOV-2026', '2026-11-21T00:00:00.000'],
    ['%d/%b/%Y:%T %z', '21/Nov/2026:10:04:00 +0100', '2026-11-21T10:04:00.000 60'],
    ['%FT%T%z', '2026-11-21T10:04:00-09:30', '2026-11-21T10:04:00.000 -570'],
    ['%FT%T%z', '2026-11-21t10:04:00z', '2026-11-21T10:04:00.000 0'],
    ['%F %T %z', '2026-11-21 10:04:00 +01', '2026-11-21T10:04:00.000 60'],
    ['%s', '1795262400', '2026-11-21T12:00:00.000 0'],
    ['%s', '1795262400.25', '2026-11-21T12:00:00.250 0'],
    ['@%s', '@1795262400', '2026-11-21T12:00:00.000 0'],
    ['%%%F (%H)', '%2026-11-21 (10)', '2026-11-21T10:00:00.000'],
    ['[%F]', '[2026-11-21]', '2026-11-21T00:00:00.000'],
    ['%Y-%m-%dT%H:%M:60', '2026-11-21T10:04:60', '2026-11-21T10:04:00.000'],
  ])('%s reads %j', (format, text, expected) => {
    expect(read(format, text)).toBe(expected);
  });

  it.each([
    ['%d.%m.%Y', '30.02.2026'],
    ['%d.%m.%Y', '21.13.2026'],
    ['%d.%m.%Y', '21.11.26'],
    ['%d.%m.%Y', '21.11.2026 10:04'],
    ['%d.%m.%Y', '21x11x2026'],
    ['%d.%m.%Y', ''],
    ['%Y%m%d', '2026112'],
    ['%Y%m%d%H%M', '2026112110'],
    ['%Y-%m', '2026-13'],
    ['%Y-%m', '2026-0'],
    ['%F %H:%M', '2026-11-21 24:00'],
    ['%F %H:%M', '2026-11-21 10:60'],
    ['%F %I %p', '2026-11-21 13 PM'],
    ['%F %I %p', '2026-11-21 0 AM'],
    ['%Y %j', '2026 366'],
    ['%Y %j', '2026 0'],
    ['%d %b %Y', '21 Dez 2026'],
    ['%F %T %z', '2026-11-21 10:04:00 CET'],
    ['%F %T %z', '2026-11-21 10:04:00 +0160'],
  ])('%s refuses %j', (format, text) => {
    expect(read(format, text)).toBeUndefined();
  });

  it.each([
    ['%H:%M', 'lacks a year, month or day: "%H:%M" (write such as %d.%m.%Y %H:%M)'],
    ['%d.%m', 'lacks a year, month or day: "%d.%m" (write such as %d.%m.%Y %H:%M)'],
    ['%Y-%d', 'lacks a year, month or day: "%Y-%d" (write such as %d.%m.%Y %H:%M)'],
    ['%Y-%m %H', 'lacks a year, month or day: "%Y-%m %H" (write such as %d.%m.%Y %H:%M)'],
    ['', 'lacks a year, month or day: "" (write such as %d.%m.%Y %H:%M)'],
    ['%F %I', '%I and %p need each other: "%F %I"'],
    ['%F %Y', '%Y is repeated: "%F %Y"'],
    ['%F %Z', 'unknown conversion %Z: "%F %Z" (write %d.%m.%Y %H:%M:%S, %z for an offset)'],
    ['%F %', 'unknown conversion %: "%F %" (write %d.%m.%Y %H:%M:%S, %z for an offset)'],
  ])('cannot be %j', (format, message) => {
    expect(() => parseTimeFormat(format)).toThrow(message);
  });

  it('tells whether its texts have an offset', () => {
    expect(['%F %T', '%F %T %z', '%s'].map((format) => parseTimeFormat(format).hasOffset)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('reads what Intl writes of any time', () => {
    const time = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2068, 0) });
    const writer = (locale: string) =>
      new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'medium' });
    const forms = [
      { format: '%d.%m.%y, %H:%M:%S', writer: writer('de-DE') },
      { format: '%m/%d/%y, %I:%M:%S %p', writer: writer('en-US') },
      { format: '%F %T', writer: writer('sv-SE') },
    ];
    fc.assert(
      fc.property(time, fc.constantFrom(...forms), (moment, { format, writer }) => {
        const text = writer.format(moment);
        expect(parseTimeFormat(format).read(text)?.wallMs, text).toBe(Math.floor(moment / 1000) * 1000);
      }),
    );
  });
});
