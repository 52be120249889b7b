import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnswers } from '../../../../../src/dashboard/page/runs/ledger/answers.ts';

const NONE = new Error('none');
let asked: string[] = [];
let arrivals = 0;
/** What the server says, by address. */
let says: Record<string, () => unknown> = {};

function answers() {
  return createAnswers({
    async load(address) {
      asked.push(address);
      return says[address]?.() ?? address;
    },
    isNone: (error) => error === NONE,
    arrived() {
      arrivals += 1;
    },
  });
}

const settled = () => vi.advanceTimersByTimeAsync(0);
const refuse = (error: Error) => () => {
  throw error;
};

beforeEach(() => {
  vi.useFakeTimers();
  [asked, arrivals, says] = [[], 0, {}];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('answers', () => {
  it('are asked for once, and known afterwards', async () => {
    const kept = answers();
    expect(kept.get({ address: 'a' })).toBeUndefined();
    expect(kept.get({ address: 'a' })).toBeUndefined();
    await settled();
    expect(kept.get({ address: 'a' })).toBe('a');
    expect([asked, arrivals]).toEqual([['a'], 1]);
  });

  it('are asked for again when they are old and looked at, and stay what they were meanwhile', async () => {
    const kept = answers();
    kept.get({ address: 'a' });
    kept.get({ address: 'fixed', canChange: false });
    await settled();
    kept.changed(null);
    expect(asked).toEqual(['a', 'fixed']);
    says.a = () => 'newer';
    expect(kept.get({ address: 'a' })).toBe('a');
    expect(kept.get({ address: 'fixed', canChange: false })).toBe('fixed');
    await settled();
    expect(kept.get({ address: 'a' })).toBe('newer');
    expect(asked).toEqual(['a', 'fixed', 'a']);
  });

  it('about a run become old with it, those about none with any', async () => {
    const kept = answers();
    const look = () => {
      kept.get({ address: 'list' });
      kept.get({ address: '1', run: 1 });
      kept.get({ address: '2', run: 2 });
    };
    look();
    await settled();
    kept.changed([2]);
    look();
    expect(asked.slice(3)).toEqual(['list', '2']);
  });

  it('that change while they are on the way are asked for again', async () => {
    const kept = answers();
    kept.get({ address: 'a' });
    kept.changed(null);
    await settled();
    kept.get({ address: 'a' });
    expect(asked).toEqual(['a', 'a']);
  });

  it('that failed are asked for again after a while, and tell what went wrong until then', async () => {
    const kept = answers();
    says.a = refuse(new Error('busy'));
    kept.get({ address: 'a' });
    await settled();
    kept.get({ address: 'a' });
    expect(kept.problem()).toEqual(new Error('busy'));
    expect(asked).toEqual(['a']);
    says = {};
    await vi.advanceTimersByTimeAsync(5000);
    kept.get({ address: 'a' });
    await settled();
    expect(kept.get({ address: 'a' })).toBe('a');
    expect(kept.problem()).toBeUndefined();
  });

  it('of what nobody looks at any more tell no problem', async () => {
    const kept = answers();
    says.a = refuse(new Error('busy'));
    kept.get({ address: 'a' });
    await vi.advanceTimersByTimeAsync(4000);
    expect(kept.problem()).toBeUndefined();
  });

  it('say when there is no such thing, which is no problem', async () => {
    const kept = answers();
    kept.get({ address: 'a' });
    await settled();
    says.a = refuse(NONE);
    kept.changed(null);
    kept.get({ address: 'a' });
    await settled();
    expect(kept.get({ address: 'a' })).toBeUndefined();
    expect([kept.isGone('a'), kept.isGone('b'), kept.problem()]).toEqual([true, false, undefined]);
  });

  it('are forgotten when many others were looked at since', async () => {
    const kept = answers();
    kept.get({ address: 'first' });
    await settled();
    for (let at = 0; at < 100; at += 1) {
      kept.get({ address: 'always' });
      kept.get({ address: `${at}` });
      await settled();
    }
    kept.get({ address: 'always' });
    kept.get({ address: 'first' });
    expect(asked.filter((address) => address === 'first').length).toBe(2);
    expect(asked.filter((address) => address === 'always').length).toBe(1);
  });
});
