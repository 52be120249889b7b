import { describe, expect, it } from 'vitest';
import { requestsDuring, timesSince } from '../../../src/weblog/generate/daily-curve.ts';
import { backdatedTimes, liveTimes } from '../../../src/weblog/generate/request-times.ts';
import { seededRandom } from '../../../src/weblog/generate/seeded-random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 10, 21, 12);

const dated = (from: number, to: number | undefined, lines: number | undefined) =>
  [...backdatedTimes({ from, to, lines }, seededRandom(1, 0))].flat();

describe('the daily curve', () => {
  it('has a request a second on the average, whenever the day begins', () => {
    for (const from of [0, NOON, NOON + 1234])
      expect(requestsDuring(from, from + DAY)).toBeCloseTo(86_400, 4);
    expect(requestsDuring(0, 3650 * DAY)).toBe(3650 * 86_400);
  });

  it('gives the times at which so many requests were made', () => {
    for (const from of [0, NOON, NOON + 1_234_567]) {
      const timeAt = timesSince(from);
      for (let requests = 0; requests < 200_000; requests += 997.25)
        expect(requestsDuring(from, timeAt(requests))).toBeCloseTo(requests, 4);
    }
  });

  it('is lowest at four in the morning and highest in the evening', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => requestsDuring(hour * HOUR, (hour + 1) * HOUR));
    expect(hours.indexOf(Math.min(...hours))).toBe(4);
    expect(hours.indexOf(Math.max(...hours))).toBe(19);
  });
});

describe('dated times', () => {
  it.each([
    ['a day', NOON, NOON + DAY, 10_000],
    ['a day with as many lines as seconds', NOON, NOON + DAY, 86_400],
    ['a second', NOON, NOON + 1000, 1000],
    ['a moment', NOON + 1, NOON + 2, 5],
    ['one line in a century', 0, 36_525 * DAY, 1],
    ['the end of all times', Date.UTC(9999, 11, 31), Date.UTC(9999, 11, 31) + DAY, 100],
  ])('are as many as asked for in %s, in order', (_, from, to, lines) => {
    const times = dated(from, to, lines);
    expect(times).toHaveLength(lines);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((time) => time % 1000 === 0)).toBe(true);
    expect(times[0]).toBeGreaterThan(from - 1000);
    expect(times.at(-1)).toBeLessThan(to);
  });

  it('follow the curve', () => {
    const perHour = new Map<number, number>();
    for (const time of dated(0, 10 * DAY, 86_400)) {
      const hour = Math.floor((time % DAY) / HOUR);
      perHour.set(hour, (perHour.get(hour) ?? 0) + 1);
    }
    expect(perHour.size).toBe(24);
    for (const [hour, count] of perHour)
      expect(Math.abs(count - requestsDuring(hour * HOUR, (hour + 1) * HOUR))).toBeLessThan(20);
  });

  it('are one a second on the average without an end, or without a number', () => {
    const open = dated(NOON, undefined, 86_400);
    expect(open).toHaveLength(86_400);
    expect(Math.abs((open.at(-1) ?? 0) - NOON - DAY)).toBeLessThan(5000);
    const unnumbered = dated(NOON, NOON + DAY, undefined);
    expect(Math.abs(unnumbered.length - 86_400)).toBeLessThan(5);
    // As far as they go they are the same.
    expect(unnumbered.slice(0, 80_000)).toEqual(open.slice(0, 80_000));
  });

  it('end before the year 10000', () => {
    const times = dated(Date.UTC(9999, 11, 31, 23), undefined, 100_000);
    expect(times.length).toBeLessThan(5000);
    expect(times.at(-1)).toBeLessThan(Date.UTC(10_000, 0, 1));
  });

  it('of no lines are none', () => {
    expect(dated(NOON, NOON, 0)).toEqual([]);
  });
});

describe('live times', () => {
  it('are those of the clock, as many as asked for', async () => {
    let elapsed = 0;
    const clock = { elapsed: () => elapsed, now: () => NOON + elapsed, signal: new AbortController().signal };
    const times: number[] = [];
    for await (const some of liveTimes(2000, 5000, clock)) {
      times.push(...some);
      if (elapsed / 1000 < times.length / 2000) elapsed += 1000;
    }
    const at = (ms: number) => times.filter((time) => time === NOON + ms).length;
    expect([0, 1000, 2000, 3000].map(at)).toEqual([1, 2000, 2000, 999]);
    expect(times).toHaveLength(5000);
  });
});
