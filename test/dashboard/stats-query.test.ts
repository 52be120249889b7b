import { describe, expect, it } from 'vitest';
import { HttpError } from '../../src/dashboard/responses.ts';
import { parseQuery } from '../../src/dashboard/stats-query.ts';

const parsed = (query: string) => parseQuery(new URLSearchParams(query), 1000);

describe('the query of a request for rows', () => {
  it('asks for all rows without limits', () => {
    expect(parsed('')).toEqual({
      ...{
        sensors: undefined,
        window: undefined,
        from: -Infinity,
        to: Infinity,
        points: 1000,
        stepMs: 0,
        spreadsheet: false,
      },
    });
  });

  it('names sensors, a window, times and points', () => {
    expect(
      parsed('sensor=a&sensor=&window=60m&from=2026-01-01T01:00:00%2B01:00&to=1767229200&points=all&step=60'),
    ).toEqual({
      sensors: new Set(['a', '']),
      window: '1h',
      from: Date.UTC(2026, 0, 1),
      to: Date.UTC(2026, 0, 1, 1),
      points: 'all',
      stepMs: 60_000,
      spreadsheet: false,
    });
  });

  it('may have a blank for the plus sign of an offset', () => {
    for (const offset of ['+01:00', '+0100', '+01'])
      expect(parsed(`from=2026-01-01T01:00:00${offset}`).from).toBe(Date.UTC(2026, 0, 1));
  });

  it.each([
    ['sensors=a', 'unknown parameter: "sensors"'],
    ['window=1h&window=1d', 'window is given more than once'],
    ['from=soon', 'from is not a time: "soon"'],
    ['from=2&to=1', 'from is after to'],
    ['points=1', 'points is not a whole number from 2 to 20000, or all: "1"'],
    ['step=0', 'step is not a whole number of seconds: "0"'],
    ['spreadsheet=yes', 'spreadsheet is neither 0 nor 1: "yes"'],
    ['points=20001', 'points is not a whole number from 2 to 20000, or all: "20001"'],
  ])('is refused when it is %s', (query, message) => {
    expect(() => parsed(query)).toThrow(new HttpError(400, message));
  });
});
