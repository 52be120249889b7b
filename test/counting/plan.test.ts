import { describe, expect, it } from 'vitest';
import { type Plan, paneLengthOf, resolutionsOf } from '../../src/counting/plan.ts';
import { noNames } from '../../src/readings/reading-columns.ts';

const HOUR = 3_600_000;

function plan(lengths: readonly (number | undefined)[], more: Partial<Plan> = {}): Plan {
  return {
    windows: lengths.map((lengthMs) => ({ label: `${lengthMs}`, lengthMs })),
    slideMs: undefined,
    zone: undefined,
    wanted: { squares: false, distinct: false, times: false },
    latenessMs: undefined,
    lines: {
      delimiter: ',',
      range: undefined,
      names: noNames,
    },
    ...more,
  };
}

describe('paneLengthOf', () => {
  it.each([
    [[HOUR], {}, HOUR],
    [[undefined, 24 * HOUR, HOUR], {}, HOUR],
    [[15, 7], {}, undefined],
    [[HOUR], { slideMs: HOUR / 6 }, HOUR / 6],
    [[HOUR], { zone: 'Europe/Berlin' }, undefined],
    [[undefined], {}, Infinity],
  ])('of windows of %j, and %j, is %s', (lengths, more, length) =>
    expect(paneLengthOf(plan(lengths, more))).toBe(length),
  );
});

describe('resolutionsOf', () => {
  it('cuts time into windows, or into steps of sliding windows', () => {
    const [hour, all] = resolutionsOf(plan([HOUR, undefined]));
    expect([hour?.panes?.(HOUR + 1), hour?.sliding]).toEqual([{ start: HOUR, end: 2 * HOUR }, undefined]);
    expect([all?.panes, all?.sliding]).toEqual([undefined, undefined]);
    const [sliding] = resolutionsOf(plan([HOUR], { slideMs: HOUR / 2 }));
    expect(sliding?.panes?.(1)).toEqual({ start: 0, end: HOUR / 2 });
    expect(sliding?.sliding?.from(0)).toEqual({ start: 0, end: HOUR });
  });

  it('follows the wall clock of a zone', () => {
    const [day] = resolutionsOf(plan([24 * HOUR], { zone: 'Asia/Kolkata' }));
    expect(day?.panes?.(0).start).toBe(-5.5 * HOUR);
  });
});
