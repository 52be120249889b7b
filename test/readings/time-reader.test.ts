import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeReader } from '../../src/readings/time-reader.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a reader makes of times of one sensor, in their order: RFC 3339 to the minute, or the kind of the rejection. */
function read(zone: string | undefined, ...texts: string[]): string[] {
  const reader = new TimeReader({ zone });
  return texts.map((text) => shown(reader.read(text, 'a')));
}

function shown(time: ReturnType<TimeReader['read']>): string {
  return typeof time === 'number' ? new Date(time).toISOString().slice(0, 16) : time.kind;
}

describe('a time without an offset', () => {
  it.each([
    '2026-11-21 10:04:00',
    '2026-11-21T10:04:00',
    '2026-11-21T10:04',
    '2026/11/21 10:04',
    '2026/11/21T10:04:00',
    '2026-11-21 10:04:00.123456789012',
    '2026-11-21 10:04:00,5',
  ])('%s is of the zone', (text) => {
    expect(read('Europe/Berlin', text)).toEqual(['2026-11-21T09:04']);
    expect(read('UTC', text)).toEqual(['2026-11-21T10:04']);
  });

  it.each(['2026-11-21', '2026/11/21'])('%s is the midnight with which the day begins', (text) => {
    expect(read('Europe/Berlin', text)).toEqual(['2026-11-20T23:00']);
  });

  it('keeps milliseconds', () => {
    const reader = new TimeReader({ zone: 'Asia/Kathmandu' });
    expect(reader.read('2026-11-21 10:04:00.0129', '')).toBe(Date.parse('2026-11-21T04:19:00.012Z'));
  });

  it('is rejected without a zone, with a hint', () => {
    expect(new TimeReader({}).read('2026-11-21 10:04', '')).toEqual({
      kind: 'without an offset',
      detail: 'time has no offset (get-stats --tz Europe/Berlin, or UTC): "2026-11-21 10:04"',
    });
  });

  it.each([
    ['2014-7-1', true],
    ['1.2.2026 9:04', true],
    ['Sun 11/21/26', true],
    ['2026-02-30', false],
    ['2026-02-30T10:04:00Z', false],
    ['21,35', false],
    ['noon', false],
  ])('%j gets a hint at --time-format: %s', (text, hinted) => {
    const hint = hinted ? ' (get-stats --time-format, such as %d.%m.%Y)' : '';
    expect(new TimeReader({ zone: 'UTC' }).read(text, '')).toEqual({
      kind: 'not a time',
      detail: `time is not RFC 3339 or epoch${hint}: "${text}"`,
    });
  });

  it('is rejected when clocks skip it', () => {
    expect(new TimeReader({ zone: 'Europe/Berlin' }).read('2026-03-29 02:30', '')).toEqual({
      kind: 'skipped by the clock',
      detail: 'clocks in Europe/Berlin skip this time: "2026-03-29 02:30"',
    });
  });

  it.each(['2026-02-30 10:04', '2026-11-21 24:00', '2026-11-21 10:60', '10:04', '2026-11', 'noon', ''])(
    '%j is not a time',
    (text) => {
      expect(read('Europe/Berlin', text)).toEqual(['not a time']);
    },
  );
});

describe('a time with an offset, and an epoch number', () => {
  it.each(['2026-11-21T10:04:00+02:00', '2026-11-21 08:04:00Z', '1795248240'])(
    '%s is what it is in every zone',
    (text) => {
      expect(read('America/New_York', text)).toEqual(read(undefined, text));
      expect(read(undefined, text)).toEqual(['2026-11-21T08:04']);
    },
  );
});

describe('digits that look like a date', () => {
  it.each([
    ['20261121', '%Y%m%d'],
    ['2026112110', '%Y%m%d%H'],
    ['202611211004', '%Y%m%d%H%M'],
    ['20261121100400', '%Y%m%d%H%M%S'],
    ['20261121100400.123', '%Y%m%d%H%M%S'],
  ])('%s are rejected with a hint at their form', (text, form) => {
    expect(new TimeReader({ zone: 'UTC' }).read(text, 'a')).toEqual({
      kind: 'like a date',
      detail: `digits look like a date (get-stats --time-format ${form}, or %s for an epoch number): "${text}"`,
    });
    // In which they are times.
    expect(typeof new TimeReader({ zone: 'UTC', timeFormat: form }).read(text, 'a')).toBe('number');
  });

  it('are a time all the same, so a line with them is no header', () => {
    expect(new TimeReader({}).isTime('20261121')).toBe(true);
    expect(new TimeReader({}).isTime('time')).toBe(false);
  });
});

describe('a form of the user', () => {
  const readAs = (timeFormat: string, ...texts: string[]) => {
    const reader = new TimeReader({ zone: 'Europe/Berlin', timeFormat });
    return texts.map((text) => shown(reader.read(text, 'a')));
  };

  it('is that of all times', () => {
    const texts = ['21.11.2026 10:04', '2026-11-21T10:04:00Z', '1795262400'];
    expect(readAs('%d.%m.%Y %H:%M', ...texts)).toEqual(['2026-11-21T09:04', 'not a time', 'not a time']);
  });

  it('may have an offset', () => {
    expect(readAs('%d.%m.%Y %H:%M %z', '21.11.2026 10:04 +0300')).toEqual(['2026-11-21T07:04']);
  });

  it('may be compact', () => {
    expect(readAs('%Y%m%d%H', '2026112110')).toEqual(['2026-11-21T09:00']);
  });

  it('may be that of epoch numbers, also of those that look like dates', () => {
    expect(readAs('%s', '2026112110', '1795262400')).toEqual(['2034-03-16T08:55', '2026-11-21T12:00']);
  });

  it('is told in the message', () => {
    expect(new TimeReader({ zone: 'UTC', timeFormat: '%d.%m.%Y' }).read('2026-11-21', 'a')).toEqual({
      kind: 'not a time',
      detail: 'time is not %d.%m.%Y: "2026-11-21"',
    });
  });

  it('has hours that come twice, and ones that clocks skip', () => {
    const texts = ['25.10.2026 02:50', '25.10.2026 02:10', '29.03.2026 02:30'];
    expect(readAs('%d.%m.%Y %H:%M', ...texts)).toEqual([
      '2026-10-25T00:50',
      '2026-10-25T01:10',
      'skipped by the clock',
    ]);
  });
});

describe('an hour that comes twice', () => {
  const zone = 'Europe/Berlin';

  it('is the first one', () => {
    expect(read(zone, '2026-10-25 02:30')).toEqual(['2026-10-25T00:30']);
    expect(read(zone, '2026-10-25 01:59', '2026-10-25 02:30')[1]).toBe('2026-10-25T00:30');
    expect(read(zone, '2026-10-25 02:30', '2026-10-25 02:30')[1]).toBe('2026-10-25T00:30');
  });

  it('is the second one when the last line was later', () => {
    expect(read(zone, '2026-10-25 02:50', '2026-10-25 02:10', '2026-10-25 02:20')).toEqual([
      '2026-10-25T00:50',
      '2026-10-25T01:10',
      '2026-10-25T01:20',
    ]);
    expect(read(zone, '2026-10-25 03:00', '2026-10-25 02:10')[1]).toBe('2026-10-25T01:10');
  });

  it('is told for each sensor by its own lines', () => {
    const reader = new TimeReader({ zone });
    reader.read('2026-10-25 02:50', 'a');
    expect(shown(reader.read('2026-10-25 02:10', 'b'))).toBe('2026-10-25T00:10');
    expect(shown(reader.read('2026-10-25 02:10', 'a'))).toBe('2026-10-25T01:10');
  });

  it('is told for each source by its own lines', () => {
    const reader = new TimeReader({ zone });
    reader.read('2026-10-25 02:50', 'a');
    reader.begin();
    expect(shown(reader.read('2026-10-25 02:10', 'a'))).toBe('2026-10-25T00:10');
  });

  it('is told by lines without an offset only', () => {
    expect(read(zone, '2026-10-25T05:00:00Z', '2026-10-25 02:10')[1]).toBe('2026-10-25T00:10');
  });

  it('is known to have been read', () => {
    const reader = new TimeReader({ zone });
    const known = () => [reader.hasLocalTime, reader.hasTimeTwice];
    reader.read('2026-10-25T05:00:00Z', 'a');
    expect(known()).toEqual([false, false]);
    reader.read('2026-10-25 01:59', 'a');
    expect(known()).toEqual([true, false]);
    reader.read('2026-10-25 02:00', 'a');
    expect(known()).toEqual([true, true]);
    reader.begin();
    expect(known()).toEqual([false, false]);
  });
});

it('reads back what Intl writes of readings in their order, whatever the zone', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Havana',
    'Asia/Kolkata',
  ];
  const days = ['2013-11-03', '2019-04-06', '2026-03-29', '2026-10-24', '2026-11-21'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...days),
      // Closer together than a clock is put back, or the second pass looks like the first.
      fc.array(fc.integer({ min: 1, max: 29 }), { minLength: 100, maxLength: 200 }),
      (timeZone, day, minutes) => {
        const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
        const reader = new TimeReader({ zone: timeZone });
        let time = Date.parse(day);
        for (const step of minutes) {
          time += step * MINUTE;
          expect(reader.read(local.format(time), 'a')).toBe(time);
        }
        expect(time).toBeGreaterThan(Date.parse(day) + HOUR);
      },
    ),
    { numRuns: 40 },
  );
});
