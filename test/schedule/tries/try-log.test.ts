import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addToLog, TryLog } from '../../../src/schedule/tries/try-log.ts';
import { trial } from '../trial.ts';

/** A log of these lines, cut to a limit. */
function logOf(lines: readonly string[], limit: number) {
  const path = join(trial().folder, 'attic/1.log');
  const log = new TryLog(path, { limit, header: 'header\n', mark: 'header' });
  let largest = 0;
  for (const [at, line] of lines.entries()) {
    log.add(Buffer.from(line));
    if (at % 100 === 0) largest = Math.max(largest, statSync(path).size);
  }
  log.close('trailer\n');
  return { text: readFileSync(path, 'utf8'), largest };
}

const numbered = (count: number, width: number) =>
  Array.from({ length: count }, (_, at) => `${String(at).padStart(width - 1, '0')}\n`);

describe('TryLog', () => {
  it('keeps all of a log within the limit', () => {
    const lines = numbered(90, 10);
    expect(logOf(lines, 1000).text).toBe(['header\n', ...lines, 'trailer\n'].join(''));
  });

  it.each([
    [1000, 99, 10],
    [1000, 200, 10],
    [1000, 20_000, 10],
    [1_000_000, 20_000, 60],
    [1_000_000, 60_000, 60],
    [1_000_000, 300, 40_000],
  ])('keeps the first and the last half of a log beyond %d bytes: %d lines of %d', (limit, count, width) => {
    const lines = numbered(count, width);
    const { text, largest } = logOf(lines, limit);
    const all = ['header\n', ...lines, 'trailer\n'].join('');
    const [, head = '', leftOut = '', tail = ''] =
      /^(.*\n)\.\.\. ([\d,]+) bytes left out \.\.\.\n(.*)$/s.exec(text) ?? [];
    expect(all.startsWith(head) && all.endsWith(tail)).toBe(true);
    expect(head.length + tail.length + Number(leftOut.replaceAll(',', ''))).toBe(all.length);
    expect(text.length).toBeLessThanOrEqual(limit + 64);
    expect(head.length).toBeGreaterThan(limit / 2 - width - 1);
    expect(tail.length).toBeGreaterThan(limit / 2 - width - 65);
    expect(largest).toBeLessThanOrEqual(1.5 * limit + (1 << 19));
  });

  it('is made anew, but for one that is there without its mark', () => {
    const path = join(trial().folder, 'attic/1.log');
    const make = (mark: string) => new TryLog(path, { limit: 1000, header: `${mark}\n`, mark }).close('');
    make('mine');
    expect(() => make('mine')).toThrow(expect.objectContaining({ status: 74 }));
    make('another');
    expect(readFileSync(path, 'utf8')).toBe('another\n');
  });
});

it('a log that a killed schedule has left can be ended', () => {
  const path = join(trial().folder, '1.log');
  addToLog(path, 'failed: lost', 0);
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, 'header\nhalf');
  addToLog(path, 'failed: lost', 0);
  expect(readFileSync(path, 'utf8')).toBe('header\nhalf\n1970-01-01T00:00:00.000Z # failed: lost\n');
});
