import { describe, expect, it } from 'vitest';
import { decide } from '../../src/stores/store.ts';

describe('decide', () => {
  it.each([
    ['more', undefined, 5, 'inserted'],
    ['more', 4, 5, 'replaced'],
    ['more', 5, 5, 'replaced'],
    ['more', 6, 5, 'kept'],
    ['replace', undefined, 5, 'inserted'],
    ['replace', 6, 5, 'replaced'],
    ['skip', undefined, 5, 'inserted'],
    ['skip', 4, 5, 'kept'],
  ] as const)('%s: stored %s, new %i: %s', (onConflict, stored, count, outcome) => {
    expect(decide(onConflict, stored, count)).toBe(outcome);
  });
});
