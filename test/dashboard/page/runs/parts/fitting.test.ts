import { describe, expect, it } from 'vitest';
import { fittedName, fittedWords } from '../../../../../src/dashboard/page/runs/parts/fitting.ts';

/** Letters of ten pixels, but for W, which has twenty. */
const measure = (text: string) => [...text].reduce((sum, letter) => sum + (letter === 'W' ? 20 : 10), 0);

describe('text that has to fit', () => {
  it('is whole where it does', () => {
    expect(fittedName('load', 40, measure)).toBe('load');
    expect(fittedWords([], 0, measure)).toBe('');
    expect(fittedWords(['7 of 12', 'try 2'], 140, measure)).toBe('7 of 12, try 2');
  });

  it('has no middle where it does not, and no last facts', () => {
    expect(fittedName('extract-from-there', 100, measure)).toBe('extrac…ere');
    expect(fittedWords(['7 of 12', 'try 2', '12 s'], 140, measure)).toBe('7 of 12, try 2');
    expect(fittedWords(['7 of 12', 'try 2', '12 s'], 130, measure)).toBe('7 of 12');
    expect(fittedWords(['again in 10 min', 'try 2'], 100, measure)).toBe('again in …');
    expect(fittedName('WWWWWWWWWWWW', 100, measure)).toBe('WWW…W');
    expect(fittedName('😀😀😀😀😀', 40, measure)).toBe('😀😀…😀');
  });

  it('is but a sign where there is no room', () => {
    expect(fittedName('load', 5, measure)).toBe('…');
  });
});
