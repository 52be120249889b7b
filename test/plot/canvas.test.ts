import { describe, expect, it } from 'vitest';
import { Canvas, type Texture } from '../../src/plot/canvas.ts';

function drawn(texture: Texture, dots: readonly (readonly ['band' | 'line', number, number])[]): string[] {
  const canvas = new Canvas(3, 2, texture);
  for (const [layer, x, y] of dots) canvas.draw(layer, x, y);
  return canvas.rows().map((cells) => cells.map(({ character }) => character).join(''));
}

const everywhere = Array.from({ length: 48 }, (_, at) => ['band', at % 6, Math.floor(at / 6)] as const);

describe('a canvas', () => {
  it('has two dots across and four down in each character', () => {
    const canvas = new Canvas(3, 2, 'dots');
    expect([canvas.width, canvas.height]).toEqual([6, 8]);
    expect(
      drawn('dots', [
        ['line', 0, 0],
        ['line', 5, 7],
        ['line', 2, 3],
        ['line', 3, 0],
      ]),
    ).toEqual(['⠁⡈ ', '  ⢀']);
  });

  it('has one in plain ASCII', () => {
    const canvas = new Canvas(3, 2, 'ascii');
    expect([canvas.width, canvas.height]).toEqual([3, 2]);
    expect(
      drawn('ascii', [
        ['line', 0, 0],
        ['band', 0, 1],
        ['band', 2, 0],
      ]),
    ).toEqual(['* :', ':  ']);
  });

  it('has a band of every second dot, or of shaded characters', () => {
    expect(drawn('dots', everywhere)).toEqual(['⢕⢕⢕', '⢕⢕⢕']);
    expect(drawn('shade', everywhere)).toEqual(['░░░', '░░░']);
    expect(
      drawn('shade', [
        ['band', 0, 0],
        ['band', 1, 0],
      ]),
    ).toEqual(['   ', '   ']);
  });

  it.each<Texture>(['dots', 'shade'])('leaves the line free of the band: %s', (texture) => {
    const rows = drawn(texture, [...everywhere, ['line', 2, 3], ['line', 3, 3]]);
    expect(rows[0]?.charAt(1)).toBe('⣀');
  });

  it('has nothing beyond its edges', () => {
    expect(
      drawn('dots', [
        ['line', -1, 0],
        ['line', 0, -1],
        ['line', 6, 0],
        ['line', 0, 8],
      ]),
    ).toEqual(['   ', '   ']);
  });
});
