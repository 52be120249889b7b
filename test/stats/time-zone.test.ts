import { describe, expect, it } from 'vitest';
import { timeZone, zoneName } from '../../src/stats/time-zone.ts';

const HOUR = 3_600_000;

describe('timeZone', () => {
  it.each([
    ['UTC', '2026-07-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-01-01T00:00:00Z', 1],
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 1],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 2],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 1],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 5.75],
    ['America/St_Johns', '2026-01-01T00:00:00Z', -3.5],
    ['Pacific/Kiritimati', '2026-12-31T23:00:00Z', 14],
    ['+01:00', '2026-07-01T00:00:00Z', 1],
    ['-08:00', '2026-07-01T00:00:00Z', -8],
    ['-0330', '2026-07-01T00:00:00Z', -3.5],
    ['+14', '2026-07-01T00:00:00Z', 14],
  ])('%s at %s is %d hours ahead of UTC', (zone, time, hours) =>
    expect(timeZone(zone)(Date.parse(time)) / HOUR).toBe(hours),
  );

  it('knows times before the epoch, and parts of seconds', () => {
    const offset = timeZone('Europe/Berlin');
    expect(offset(Date.parse('1969-12-31T23:59:59.500Z')) / HOUR).toBe(1);
    expect(offset(-1) / HOUR).toBe(1);
  });

  it('knows both offsets of a day with a change, in whatever order it is asked', () => {
    const day = (hour: number) => Date.parse('2026-10-25T00:00:00Z') + hour * HOUR;
    const offset = timeZone('Europe/Berlin');
    const asked = [12, 0, 23, 0.99, 1, -1, 25, 12, 0];
    expect(asked.map((hour) => offset(day(hour)) / HOUR)).toEqual([1, 2, 1, 2, 1, 2, 1, 1, 2]);
  });

  it.each(['Mars/Olympus', '', 'Europe/', '+1', '+14:30', '+01:60', '01:00', 'UTC+1'])(
    '%j is no zone',
    (zone) =>
      expect(() => timeZone(zone)).toThrow(
        `unknown time zone: ${JSON.stringify(zone)} (write one such as Europe/Berlin)`,
      ),
  );
});

it('zoneName checks a name and keeps it as it is', () => {
  expect(zoneName('europe/berlin')).toBe('europe/berlin');
  expect(() => zoneName('nowhere')).toThrow(/^unknown time zone/);
});
