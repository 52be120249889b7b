import { describe, expect, it } from 'vitest';
import { splitBytes } from '../../src/lines/byte-splitter.ts';
import { FutureCheck, parseAhead } from '../../src/readings/ahead.ts';
import { LineTimes } from '../../src/readings/line-time.ts';
import { RecentLines } from '../../src/readings/recent-lines.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 28, 12);

const at = (minute: number) => `${new Date(NOW - 6 * HOUR + minute * 60_000).toISOString()},a,1\n`;

/** A window of an hour, and what was said of its lines. */
function anHour(
  changes: {
    file?: string | undefined;
    hasOverflow?: boolean;
    unique?: boolean;
    now?: number;
    zone?: string;
  } = {},
) {
  const said: string[] = [];
  const { file, hasOverflow = false, unique = false, now = NOW, zone } = changes;
  const lines = new RecentLines({
    ...{ file, hasOverflow, unique, window: { count: 100, lastMs: HOUR } },
    future: new FutureCheck({ ahead: parseAhead('1h'), now: () => now, warn: (text) => said.push(text) }),
    times: new LineTimes({ zone }, () => now),
    reject: ({ source, number }, { kind, isKept }) =>
      said.push(`${source}:${number} ${kind}${isKept ? ' kept' : ''}`),
    accept: (count) => said.push(`${count} accepted`),
  });
  const add = (before: string, added: string) => {
    const { leaving, kept } = lines.divide(
      Buffer.from(before),
      lines.usable(splitBytes(Buffer.from(added)), 1),
    );
    return { leaving: String(leaving), kept: String(kept) };
  };
  return { add, said };
}

describe('RecentLines', () => {
  it('keeps an hour, minute by minute, in a night in which an hour comes twice', () => {
    const local = new Intl.DateTimeFormat('sv', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    let kept = '';
    for (let minute = 0; minute < 300; minute++) {
      const now = Date.UTC(2026, 9, 24, 23) + minute * 60_000;
      const { add, said } = anHour({ file: 'log', now, zone: 'Europe/Berlin' });
      ({ kept } = add(kept, `${local.format(now)},a,1\n`));
      expect([local.format(now), kept.split('\n').length - 1]).toEqual([
        local.format(now),
        Math.min(60, minute + 1),
      ]);
      expect(said).toEqual(['1 accepted']);
    }
  });

  it('keeps of a night that is long ago what it would have kept then', () => {
    const { add, said } = anHour({ file: 'log', zone: 'Europe/Berlin' });
    const before = '2025-10-26 02:40,a,1\n2025-10-26 02:50,a,1\n';
    const { kept } = add(before, '2025-10-26 02:10,a,2\n2025-10-26 02:15,a,2\n');
    expect(kept).toBe(`${before}2025-10-26 02:10,a,2\n2025-10-26 02:15,a,2\n`);
    expect(said).toEqual(['2 accepted']);
  });

  it('keeps an hour, by the newest line', () => {
    const { add, said } = anHour({ file: 'log' });
    expect(add(at(0) + at(30), at(60) + at(40))).toEqual({ leaving: at(0), kept: at(30) + at(60) + at(40) });
    expect(said).toEqual(['2 accepted']);
  });

  it('rejects late lines by the window as it was first, and hands them on where they are kept', () => {
    const { add, said } = anHour({ file: 'log', hasOverflow: true });
    expect(add(at(60), at(200) + at(0))).toEqual({ leaving: at(60) + at(0), kept: at(200) });
    expect(add(at(200), at(30))).toEqual({ leaving: at(30), kept: at(200) });
    expect(said).toEqual(['1 accepted', 'stdin:2 late kept', '1 accepted']);
  });

  it('knows no late lines without a file, where nothing was before', () => {
    const { add, said } = anHour();
    expect(add(at(60), at(0))).toEqual({ leaving: at(0), kept: at(60) });
    expect(said).toEqual(['1 accepted']);
  });

  it('rejects future lines, and takes them out of the file', () => {
    const { add, said } = anHour({ file: 'log' });
    expect(add(at(0) + at(9999), at(9999) + at(1))).toEqual({ leaving: '', kept: at(0) + at(1) });
    expect(said).toEqual(['stdin:1 future', 'log:2 future', '1 accepted']);
  });

  it('says once that its clock is wrong, and rejects nothing as future then', () => {
    const { add, said } = anHour({ file: 'log', now: 10_000 });
    expect(add('', at(0) + at(1))).toEqual({ leaving: '', kept: at(0) + at(1) });
    expect(said).toEqual([
      'the clock is wrong (1970-01-01T00:00:10Z), so nothing is rejected as future',
      '2 accepted',
    ]);
  });

  it('leaves out lines that the window holds, and counts them as used', () => {
    const { add, said } = anHour({ file: 'log', unique: true });
    expect(add(at(0), at(0) + at(1) + at(1))).toEqual({ leaving: '', kept: at(0) + at(1) });
    expect(said).toEqual(['3 accepted']);
  });
});
