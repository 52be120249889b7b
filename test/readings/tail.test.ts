import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTimes } from '../../src/readings/line-time.ts';
import { tail, tailByTime, timedLines } from '../../src/readings/tail.ts';

const ANY = Number.POSITIVE_INFINITY;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 21);

function parts(lines: string, count: number, lastMs: number) {
  const bytes = Buffer.from(lines, 'latin1');
  const timed = () => timedLines(bytes, new LineTimes({}, () => START));
  const { leaving, kept } = lastMs === ANY ? tail(bytes, { count }) : tailByTime(timed(), { count, lastMs });
  return { leaving: leaving.toString('latin1'), kept: kept.toString('latin1') };
}

const at = (minute: number, name = 'a') => `${new Date(START + minute * 60_000).toISOString()},${name},1\n`;

describe('tail', () => {
  it('parts nothing into nothing', () => {
    for (const lastMs of [ANY, HOUR]) expect(parts('', 3, lastMs)).toEqual({ leaving: '', kept: '' });
  });

  it('keeps the last lines', () => {
    expect(parts('a\nb\nc\n', 2, ANY)).toEqual({ leaving: 'a\n', kept: 'b\nc\n' });
    expect(parts('a\nb\nc\n', 3, ANY)).toEqual({ leaving: '', kept: 'a\nb\nc\n' });
    expect(parts('a\nb\nc\n', 4, ANY)).toEqual({ leaving: '', kept: 'a\nb\nc\n' });
    expect(parts('a\nb\nc\n', ANY, ANY)).toEqual({ leaving: '', kept: 'a\nb\nc\n' });
  });

  it('counts empty lines too, and keeps every byte', () => {
    expect(parts('\n\n\n', 2, ANY)).toEqual({ leaving: '\n', kept: '\n\n' });
    expect(parts('a\xe9\0\n\xff\n', 1, ANY)).toEqual({ leaving: 'a\xe9\0\n', kept: '\xff\n' });
  });

  it('keeps what is less old than the length, before the newest line', () => {
    expect(parts(at(0) + at(1) + at(60), ANY, HOUR)).toEqual({ leaving: at(0), kept: at(1) + at(60) });
  });

  it('goes by the time of the lines, not by their order', () => {
    expect(parts(at(90) + at(10) + at(31), ANY, HOUR)).toEqual({ leaving: at(10), kept: at(90) + at(31) });
  });

  it('lets lines without a time go', () => {
    expect(parts(`x\n${at(0)}\n`, ANY, HOUR)).toEqual({ leaving: 'x\n\n', kept: at(0) });
    expect(parts('x\ny\n', ANY, HOUR)).toEqual({ leaving: 'x\ny\n', kept: '' });
  });

  it('keeps at most so many of the recent ones', () => {
    expect(parts(at(0) + at(59) + at(60) + at(61), 2, HOUR)).toEqual({
      leaving: at(0) + at(59),
      kept: at(60) + at(61),
    });
  });

  it('keeps what a slow and obvious one keeps, in its order, and loses none', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 40 });
    fc.assert(
      fc.property(
        minutes,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 90 }),
        (all, count, last) => {
          const newest = Math.max(...all);
          const recent = all.filter((minute) => minute > newest - last);
          const expected = recent.slice(-count).map((minute) => at(minute));
          const { leaving, kept } = parts(all.map((minute) => at(minute)).join(''), count, last * 60_000);
          expect(kept).toBe(expected.join(''));
          const lines = `${leaving}${kept}`.split(/(?<=\n)/).filter((line) => line !== '');
          expect(lines.sort()).toEqual(all.map((minute) => at(minute)).sort());
        },
      ),
    );
  });
});
