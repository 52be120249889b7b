import { describe, expect, it } from 'vitest';
import { fittedName, fittedWords } from '../../../../../src/dashboard/page/runs/parts/fitting.ts';

/** Letters of ten pixels, but for W, which has twenty. */
const measure = (text: string) => [...text].reduce((sum, letter) => sum + (letter === 'W' ? 20 : 10), 0);

describe('text that has to fit', () => {
  it('is whole where it does', () => {
    expect(fittedName('load', 40, measure)).toBe('load');
    expect(fittedWords('', 0, measure)).toBe('');
  });

  it('has no middle, or no end, where it does not', () => {
    expect(fittedName('extract-from-there', 100, measure)).toBe('extrac…ere');
    expect(fittedWords('again in 10 min', 100, measure)).toBe('again in …');
    expect(fittedName('WWWWWWWWWWWW', 100, measure)).toBe('WWW…W');
    expect(fittedName('😀😀😀😀😀', 40, measure)).toBe('😀😀…😀');
  });

  it('is but a sign where there is no room', () => {
    expect(fittedName('load', 5, measure)).toBe('…');
  });
});
