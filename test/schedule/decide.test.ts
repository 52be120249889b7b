import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../src/schedule/crontab/read-crontab.ts';
import { type Decision, decide, firstMark } from '../../src/schedule/decide.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(`2026-11-21T${text}Z`);

/** Jobs of UTC. */
function jobsOf(crontab: string) {
  const { jobs, problems } = readCrontab(`CRON_TZ=UTC\n${crontab}\n`, 'crontab');
  expect(problems).toEqual([]);
  return jobs;
}

const shown = ({ job, trigger, scheduled, dataStart, count, isMissed }: Decision) =>
  [
    job.name,
    isMissed ? 'missed' : trigger,
    new Date(scheduled).toISOString().slice(11, 19),
    `from ${new Date(dataStart).toISOString().slice(11, 19)}`,
    count,
  ].join(' ');

/** What is decided at each moment, one after the other. */
function decisions(crontab: string, mark: number, ...moments: readonly (number | [number, number])[]) {
  const jobs = jobsOf(crontab);
  let current = firstMark(mark);
  return moments.map((moment) => {
    const [now, onTimeMs] = Array.isArray(moment) ? moment : [moment, MINUTE];
    const { mark: next, decisions } = decide(jobs, current, { now, onTimeMs });
    current = next;
    return decisions.map(shown);
  });
}

describe('decide', () => {
  it('makes up all of a hundred days', () => {
    const start = at('10:00:00') - 100 * DAY;
    const [[first = '', ...rest] = []] = decisions(
      '#: name=a catchup=all\n* * * * * x',
      start,
      at('10:00:00'),
    );
    expect([first, rest.length]).toEqual(['a catchup 10:01:00 from 10:00:00 1', 100 * 1440 - 1]);
  });

  it('makes each due time once, at the first moment after it', () => {
    const moments = [at('10:04:59.999'), at('10:05:00'), at('10:05:00.001'), at('10:05:59'), at('10:06:03')];
    expect(decisions('* * * * * a', at('10:04:10'), ...moments)).toEqual([
      [],
      ['a schedule 10:05:00 from 10:04:00 1'],
      [],
      [],
      ['a schedule 10:06:00 from 10:05:00 1'],
    ]);
  });

  it('decides in the order of due times, then of the crontab', () => {
    const [made] = decisions('*/5 * * * * five\n* * * * * one', at('10:03:30'), [at('10:05:01'), 2 * MINUTE]);
    expect(made?.map((text) => text.split(' ', 3).join(' '))).toEqual([
      'one schedule 10:04:00',
      'five schedule 10:05:00',
      'one schedule 10:05:00',
    ]);
  });

  it('takes what is late for on time when the schedule was held up for that long', () => {
    const [held] = decisions('* * * * * a', at('10:00:01'), [at('10:03:30'), MINUTE + 210_000]);
    expect(held).toHaveLength(3);
    expect(held?.every((text) => text.includes('schedule'))).toBe(true);
  });

  it('misses nothing when it was started anew within a minute', () => {
    expect(decisions('* * * * * a', at('10:00:30'), at('10:01:29.999'))).toEqual([
      ['a schedule 10:01:00 from 10:00:00 1'],
    ]);
  });

  describe('after a gap', () => {
    const gap = (policy: string) =>
      decisions(`#: ${policy}\n*/10 * * * * a`, at('10:00:00'), at('11:00:30'))[0];

    it('writes down once what it missed, and how much', () => {
      expect(gap('catchup=none')).toEqual([
        'a missed 10:50:00 from 10:00:00 5',
        'a schedule 11:00:00 from 10:50:00 1',
      ]);
    });

    it('makes the last one up, for the whole gap', () => {
      expect(gap('catchup=last')).toEqual([
        'a catchup 10:50:00 from 10:00:00 5',
        'a schedule 11:00:00 from 10:50:00 1',
      ]);
      expect(gap('catchup=last:30m')?.[0]).toBe('a catchup 10:50:00 from 10:00:00 5');
    });

    it('makes nothing up that is too old', () => {
      expect(gap('catchup=last:5m')?.[0]).toBe('a missed 10:50:00 from 10:00:00 5');
    });

    it('makes all of them up, and writes down those that are too old', () => {
      expect(gap('catchup=all')?.map((text) => text.split(' ')[2])).toEqual([
        '10:10:00',
        '10:20:00',
        '10:30:00',
        '10:40:00',
        '10:50:00',
        '11:00:00',
      ]);
      expect(gap('catchup=all:25m')).toEqual([
        'a missed 10:30:00 from 10:00:00 3',
        'a catchup 10:40:00 from 10:30:00 1',
        'a catchup 10:50:00 from 10:40:00 1',
        'a schedule 11:00:00 from 10:50:00 1',
      ]);
    });

    it('makes up no more than 200,000 of one job, and writes down how many are older', () => {
      const [[first, second, ...rest] = []] = decisions(
        '#: name=a catchup=all\n* * * * * a',
        at('10:00:00') - 200_010 * MINUTE,
        at('10:00:00'),
      );
      expect(first).toBe('a missed 12:38:00 from 12:30:00 8');
      expect([second, rest.length]).toEqual(['a catchup 12:39:00 from 12:38:00 1', 200_001]);
    });

    it('counts a year of seconds without making them', () => {
      const [made] = decisions('@every 1s a', at('10:00:00') - 365 * DAY, at('10:00:00'));
      expect(made?.[0]).toBe(`a missed 09:58:59 from 10:00:00 ${365 * 86_400 - 61}`);
      expect(made).toHaveLength(62);
    });
  });

  describe('when the clock was set back', () => {
    const both = '* * * * * clock\n30 10 * * * fixed';

    it('waits for it within a minute', () => {
      const moments = [at('10:30:00'), at('10:29:30'), at('10:30:00'), at('10:31:00')];
      expect(decisions(both, at('10:29:00'), ...moments).map((made) => made.length)).toEqual([2, 0, 0, 1]);
    });

    it('goes on with the clock, and does not repeat fixed times', () => {
      const moments = [at('10:30:00'), at('09:30:00'), at('09:31:00'), at('10:30:00'), at('10:31:00')];
      const [first, back, ...others] = decisions(both, at('10:29:00'), ...moments);
      expect(first).toHaveLength(2);
      // The minute of the jump itself was decided by the mark.
      expect(back).toEqual([]);
      expect(others[0]).toEqual(['clock schedule 09:31:00 from 09:30:00 1']);
      expect(others[1]?.filter((text) => text.startsWith('fixed'))).toEqual([]);
      expect(others[2]).toEqual(['clock schedule 10:31:00 from 10:30:00 1']);
    });

    it('starts afresh when it was wrong by more than three hours', () => {
      const moments = [at('10:30:00'), at('06:30:00'), [at('10:30:00'), 5 * HOUR] as [number, number]];
      const [, back, again] = decisions(both, at('10:29:00'), ...moments);
      expect(back).toEqual([]);
      expect(again?.filter((text) => text.startsWith('fixed'))).toHaveLength(1);
    });
  });

  it('takes a clock that was set forward for an outage', () => {
    for (const jump of [HOUR, DAY]) {
      const [made] = decisions('* * * * * a', at('10:00:00'), at('10:00:00') + jump);
      expect(made?.[0]).toContain('missed');
      expect(made).toHaveLength(3);
      const counts = made?.map((text) => Number(text.split(' ').at(-1)));
      expect(counts?.reduce((sum, count) => sum + count)).toBe(jump / MINUTE);
    }
  });
});
