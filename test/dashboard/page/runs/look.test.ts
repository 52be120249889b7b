import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIRST_LOOK,
  formatLook,
  hrefOf,
  type Look,
  parseLook,
  VIEWS,
} from '../../../../src/dashboard/page/runs/look.ts';

describe('what a person looks at', () => {
  it('is what it was after it has been an address', () => {
    const number = fc.option(fc.integer({ min: 1, max: 1e12 }), { nil: undefined });
    const text = fc.option(fc.string(), { nil: undefined });
    const day = fc.constantFrom(undefined, '2026-11-21', '2024-02-29');
    const looks: fc.Arbitrary<Look> = fc.record({
      ...{ job: text, view: fc.constantFrom(...VIEWS), run: number, task: text, attempt: number },
      ...{ states: fc.array(fc.string()), trigger: text, from: day, to: day, before: number },
      search: fc.string(),
    });
    fc.assert(
      fc.property(looks, (look) => {
        expect(parseLook(`#${formatLook(look)}`)).toEqual(look);
      }),
    );
  });

  it('is that of a first visit where the address says nothing, or nonsense', () => {
    expect(parseLook('')).toEqual(FIRST_LOOK);
    expect(parseLook('#view=nothing&run=-1&try=1.5&before=x&from=2026-13-40&to=yesterday')).toEqual(
      FIRST_LOOK,
    );
    expect(formatLook(FIRST_LOOK)).toBe('');
  });

  it('has any name of a job in its address', () => {
    const job = '<script>&#=%';
    expect(parseLook(hrefOf({ job, run: 3, view: 'log' }))).toMatchObject({ job, run: 3, view: 'log' });
  });
});
