import { describe, expect, it } from 'vitest';
import {
  LONGEST_LINE,
  LogWindow,
  wholeLines,
} from '../../../../../src/dashboard/page/runs/log/log-window.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const windowOf = (lines: number, letters = Number.POSITIVE_INFINITY) => new LogWindow({ lines, letters });

/** Appends texts one behind the other, from byte 0. */
function appended(window: LogWindow, ...texts: readonly string[]) {
  return texts.map((text) =>
    window.append({ offset: window.end, end: window.end + bytes(text).length, text }),
  );
}

/** What somebody shows who does what he is told. */
function shown(window: LogWindow, texts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const [change] = appended(window, text);
    lines.splice(0, change?.dropped ?? 0);
    lines.splice(change?.from ?? 0, Number.POSITIVE_INFINITY, ...window.lines().slice(change?.from));
  }
  return lines;
}

describe('a window of a log', () => {
  it('has the same lines however they came', () => {
    const text = 'one\ntwo\n\nthree is longer\nfour';
    const whole = windowOf(100);
    appended(whole, text);
    expect(whole.lines()).toEqual(['one', 'two', '', 'three is longer', 'four']);
    for (const size of [1, 2, 3, 5, 7]) {
      const parts = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const window = windowOf(100);
      expect(shown(window, parts)).toEqual(whole.lines());
      expect([window.lines(), window.count, window.end]).toEqual([whole.lines(), 5, 29]);
    }
  });

  it('keeps no more lines than it may, and a block', () => {
    const window = windowOf(100);
    const parts = Array.from({ length: 1000 }, (_, at) => `${at}a\n${at}b\n`);
    expect(shown(window, parts)).toEqual(window.lines());
    expect(window.count).toBe(100);
    expect(window.lines()[0]).toBe('950a');
    expect(window.start).toBe(bytes(parts.slice(0, 950).join('')).length);
    expect(window.end).toBe(bytes(parts.join('')).length);
  });

  it('cuts a line that has no end', () => {
    const window = windowOf(10);
    const part = 'x'.repeat(LONGEST_LINE - 1);
    appended(window, ...Array.from({ length: 50 }, () => part));
    expect(Math.max(...window.lines().map((line) => line.length))).toBe(LONGEST_LINE);
    expect(window.lines().join('').length % LONGEST_LINE).not.toBe(0);
  });

  it('keeps no more letters than it may, and a part, however they come', () => {
    for (const part of [
      'x'.repeat(LONGEST_LINE / 8),
      'x'.repeat(20 * LONGEST_LINE),
      `${'é'.repeat(999)}\n`,
      'é'.repeat(3001),
    ]) {
      const window = windowOf(1e6, 10 * LONGEST_LINE);
      const parts = Array.from({ length: Math.ceil((100 * LONGEST_LINE) / part.length) }, () => part);
      const lines = shown(window, parts);
      expect(lines).toEqual(window.lines());
      const text = lines.join('');
      expect(text.length).toBeGreaterThanOrEqual(9 * LONGEST_LINE);
      expect(text.length).toBeLessThanOrEqual(11 * LONGEST_LINE + part.length);
      // What is before it begins where it is said to.
      const all = bytes(parts.join(''));
      const known = new TextDecoder().decode(all.subarray(window.start));
      expect(known.replaceAll('\n', '')).toBe(text);
    }
  });

  it('takes no part twice', () => {
    const window = windowOf(10);
    window.append({ offset: 0, end: 4, text: 'one\n' });
    expect(window.append({ offset: 0, end: 4, text: 'one\n' })).toEqual({ dropped: 0, from: 1 });
    window.append({ offset: 4, end: 8, text: 'two\n' });
    expect(window.lines()).toEqual(['one', 'two']);
  });

  it('goes on where a log goes on that was shortened', () => {
    const window = windowOf(10);
    window.append({ offset: 0, end: 14, text: 'one\ntwo\nthree\n' });
    window.append({ offset: 4, end: 4, text: '... shortened ...\n' });
    window.append({ offset: 4, end: 9, text: 'four\n' });
    expect(window.lines()).toEqual(['one', 'two', 'three', '... shortened ...', 'four']);
    expect(window.end).toBe(9);
  });

  it('takes lines before the first, and then drops some at the end', () => {
    const window = windowOf(4);
    window.clear(100);
    window.append({ offset: 100, end: 110, text: 'five\nsix\n' });
    window.append({ offset: 110, end: 116, text: 'seven\n' });
    expect(window.prepend({ offset: 90, text: 'three\nfour\n' })).toBe(2);
    expect(window.lines()).toEqual(['three', 'four', 'five', 'six']);
    expect([window.start, window.end]).toEqual([90, 110]);
    expect(window.prepend({ offset: 90, text: '' })).toBe(0);
  });
});

describe('bytes from the middle of a log', () => {
  const part = (offset: number, end: number, text: string) => ({ offset, end, text });

  it('become whole lines', () => {
    expect(wholeLines(bytes('wo\nthree\n'), 5)).toEqual([part(8, 14, 'three\n')]);
    expect(wholeLines(bytes('one\ntwo\n'), 0)).toEqual([part(0, 8, 'one\ntwo\n')]);
    expect(wholeLines(bytes(''), 0)).toEqual([]);
  });

  it('are shown also when they are all of one line, which would hide what is before it', () => {
    expect(wholeLines(bytes('without end'), 7)).toEqual([part(7, 18, 'without end')]);
    expect(wholeLines(bytes('its end\n'), 7)).toEqual([part(7, 15, 'its end\n')]);
    expect(wholeLines(bytes('ätwo\n').subarray(1), 7)).toEqual([part(8, 12, 'two\n')]);
  });

  it('become small parts, one behind the other', () => {
    const all = Array.from({ length: 9000 }, (_, at) => `line ${at} ü\n`).join('');
    const parts = wholeLines(bytes(all), 0);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.map(({ text }) => text).join('')).toBe(all);
    expect(parts.map(({ offset }) => offset)).toEqual([0, ...parts.slice(0, -1).map(({ end }) => end)]);
    expect(
      parts.every(({ offset, end, text }) => bytes(text).length === end - offset && end - offset < 16_500),
    ).toBe(true);
  });
});
