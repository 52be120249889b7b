import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../src/readings/moment.ts';
import { formatTime } from '../../src/readings/time.ts';

const now = Date.parse('2026-11-21T22:30:00Z');

describe('parseMoment', () => {
  it.each([
    ['now', 'UTC', '2026-11-21T22:30:00Z'],
    ['today', 'UTC', '2026-11-21T00:00:00Z'],
    ['yesterday', 'UTC', '2026-11-20T00:00:00Z'],
    ['tomorrow', 'UTC', '2026-11-22T00:00:00Z'],
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00Z'],
    ['2026-11-21', 'Europe/Berlin', '2026-11-20T23:00:00Z'],
    // There it is the next day already.
    ['today', 'Asia/Tokyo', '2026-11-21T15:00:00Z'],
    ['yesterday', 'Asia/Tokyo', '2026-11-20T15:00:00Z'],
    ['today', 'America/New_York', '2026-11-21T05:00:00Z'],
    // A day that begins at one o'clock.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['2026-11-21T10:04:00+01:00', 'Asia/Tokyo', '2026-11-21T09:04:00Z'],
    ['1763719440', 'Asia/Tokyo', '2025-11-21T10:04:00Z'],
  ])('reads %s in %s', (text, zone, expected) => {
    expect(formatTime(parseMoment(text)({ now, zone }))).toBe(expected);
  });

  it('takes the zone of the system where none is named', () => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const day = parseMoment('yesterday');
    expect(day({ now, zone: undefined })).toBe(day({ now, zone }));
  });

  it.each(['', 'yestrday', 'Yesterday', '2026-02-30', '2026-11', '21.11.2026'])('refuses %j', (text) => {
    expect(() => parseMoment(text)).toThrow(
      `not a time: ${JSON.stringify(text)} (write 2026-11-21T10:04:00Z, 2026-11-21, or yesterday)`,
    );
  });
});
