import { describe, expect, it } from 'vitest';
import { knownLetters, strokesOf } from '../../src/plot/letters.ts';

const place = { x: 100, y: 50, size: 20, anchor: 'start', bold: false } as const;

/** All places of a path without arcs and curves. */
function placesOf(path: string) {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe('letters of strokes', () => {
  it('are there for all of ASCII, and for what the chart says', () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');
    for (const character of `${ascii}°·…–—−äöüÄÖÜßéèêñçåÅøØíïŠž`)
      expect(strokesOf(character, place), character).toBeDefined();
  });

  it('are not there for all the world', () => {
    expect(strokesOf('温度', place)).toBeUndefined();
    expect(knownLetters('küche 温度 🔥 constructor')).toBe('küche �� � constructor');
  });

  it('stand on their line, and are as large as asked', () => {
    expect(placesOf(strokesOf('L', place)?.path ?? '')).toEqual([[101.8, 36]]);
    expect(strokesOf('L', place)?.path).toBe('M101.8 36V50H109.3');
    expect(strokesOf('L', { ...place, size: 10 })?.path).toBe('M100.9 43V50H104.65');
  });

  it('begin, end, or have their middle where asked', () => {
    const left = (anchor: 'start' | 'middle' | 'end') =>
      placesOf(strokesOf('LL', { ...place, anchor })?.path ?? '')[0]?.[0] ?? 0;
    expect(left('start') - left('end')).toBeCloseTo(22.2);
    expect(left('start') - left('middle')).toBeCloseTo(11.1);
  });

  it('have their accents above, and capitals higher ones', () => {
    const [dot = []] = placesOf(strokesOf('ä', place)?.path.slice(-40) ?? '').slice(-2);
    const [high = []] = placesOf(strokesOf('Ä', place)?.path.slice(-40) ?? '').slice(-2);
    expect([dot[1], high[1]]).toEqual([36.8, 32.8]);
  });
});
