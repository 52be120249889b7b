import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/weblog/generate/seeded-random.ts';
import { parseShare, parseStatusShares, statusPicker } from '../../../src/weblog/generate/status-shares.ts';

describe('shares', () => {
  it('are decimals from 0 to 1', () => {
    expect(['0', '1', '0.25', '.5', '1.0'].map(parseShare)).toEqual([0, 1, 0.25, 0.5, 1]);
    for (const text of ['', '-0.1', '1.1', '5%', '1e-3', ' 1', 'NaN', '0x1', '.'])
      expect(() => parseShare(text)).toThrow(`not a share from 0 to 1: ${JSON.stringify(text)}`);
  });

  it('of statuses are one together', () => {
    expect(parseStatusShares('200=0.7,301=.1,404=0.2')).toEqual([
      { status: 200, share: 0.7 },
      { status: 301, share: 0.1 },
      { status: 404, share: 0.2 },
    ]);
    expect(parseStatusShares(Array.from({ length: 10 }, (_, at) => `${500 + at}=0.1`).join())).toHaveLength(
      10,
    );
    expect(() => parseStatusShares('200=0.9,404=0.05')).toThrow('shares add up to 0.95, not to 1');
    expect(() => parseStatusShares('200=1,404=1')).toThrow('shares add up to 2, not to 1');
  });

  it.each([
    ['', 'not a status: ""'],
    ['200=0.5,', 'not a status: ""'],
    ['20=1', 'not a status: "20=1"'],
    ['abc=1', 'not a status: "abc=1"'],
    ['099=1', 'not a status: "099=1"'],
    ['200', 'not a share from 0 to 1: ""'],
    ['200=0=1', 'not a share from 0 to 1: "0=1"'],
    ['200=0.5,200=0.5', 'status 200 is repeated'],
  ])('of %j are refused', (text, message) => {
    expect(() => parseStatusShares(text)).toThrow(message);
  });
});

describe('statuses', () => {
  it('come as often as their shares say', () => {
    const pick = statusPicker(parseStatusShares('200=0.9,401=0.05,404=0.05'), seededRandom(7, 0));
    const counts = new Map<number, number>();
    for (let line = 0; line < 100_000; line++) {
      const status = pick();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    // Within four standard deviations.
    expect(Math.abs((counts.get(200) ?? 0) - 90_000)).toBeLessThan(380);
    expect(Math.abs((counts.get(401) ?? 0) - 5000)).toBeLessThan(276);
    expect(counts.size).toBe(3);
  });

  it('of no share never come', () => {
    const pick = statusPicker(parseStatusShares('500=0,200=1,404=0'), seededRandom(7, 0));
    expect(new Set(Array.from({ length: 10_000 }, pick))).toEqual(new Set([200]));
  });
});
