import { describe, expect, it } from 'vitest';
import {
  fitted,
  opening,
  panned,
  showing,
  zoomed,
} from '../../../../../src/dashboard/page/runs/graph/camera.ts';

const screen = { width: 1000, height: 400 };

describe('what is in view of a graph', () => {
  it('is all of a small one in the middle, not enlarged', () => {
    expect(fitted({ width: 200, height: 100 }, screen)).toEqual({ x: -400, y: -150, scale: 1 });
  });

  it('is all of a large one, made small, on request', () => {
    const camera = fitted({ width: 4968, height: 100 }, screen);
    expect(camera.scale).toBeCloseTo(0.2);
    expect(camera.x).toBeCloseTo(-16);
  });

  it('is at first what can be read, with the place that matters in it', () => {
    const drawing = { width: 20_000, height: 3_000 };
    const { x, y, scale } = opening(drawing, screen, { x: 9_000, y: 1_500 });
    expect(scale).toBe(0.75);
    expect(x).toBeLessThan(9_000);
    expect(x + screen.width / scale).toBeGreaterThan(9_000);
    expect([y < 1_500, y + screen.height / scale > 1_500]).toEqual([true, true]);
    expect(opening(drawing, screen, { x: 0, y: 0 })).toMatchObject({ x: -16, y: -16 });
    expect(opening({ width: 200, height: 100 }, screen, { x: 0, y: 0 })).toEqual(
      fitted({ width: 200, height: 100 }, screen),
    );
  });

  it('stays where the pointer is when it is enlarged', () => {
    const at = { x: 300, y: 100 };
    const camera = { x: 50, y: 20, scale: 1 };
    const { x, y, scale } = zoomed(camera, 1.5, at);
    expect([x + at.x / scale, y + at.y / scale]).toEqual([350, 120].map((value) => expect.closeTo(value)));
    expect(zoomed(camera, 1000, at).scale).toBe(2);
    expect(zoomed(camera, 0.0001, at).scale).toBe(0.08);
  });

  it('is moved no further than where something is left', () => {
    const drawing = { width: 2000, height: 300 };
    expect(panned({ x: 0, y: 0, scale: 1 }, { x: -50, y: 0 }, drawing, screen).x).toBe(50);
    expect(panned({ x: 0, y: 0, scale: 1 }, { x: -9_999, y: 0 }, drawing, screen).x).toBe(1800);
    expect(panned({ x: 0, y: 0, scale: 1 }, { x: 9_999, y: 0 }, drawing, screen).x).toBe(-800);
  });

  it('moves no more than it must for a box', () => {
    const box = { x: 1200, y: 100, width: 100, height: 40 };
    expect(showing({ x: 0, y: 0, scale: 1 }, box, screen)).toEqual({ x: 266, y: 0, scale: 1 });
    expect(showing({ x: 300, y: 0, scale: 1 }, box, screen).x).toBe(300);
    expect(showing({ x: 5000, y: 0, scale: 1 }, box, screen).x).toBe(1134);
  });
});
