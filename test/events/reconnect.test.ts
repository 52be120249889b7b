import { describe, expect, it } from 'vitest';
import {
  connected,
  type History,
  type Loss,
  nextTry,
  noHistory,
  received,
  withRetry,
} from '../../src/events/reconnect.ts';

const MINUTE = 60_000;
const ended: Loss = { kind: 'ended' };
const unreachable: Loss = { kind: 'unreachable' };
const asked = (retryAfterMs: number | undefined): Loss => ({ kind: 'not now', retryAfterMs });

/** The pauses after losses that follow one another, until it gives up. */
function pauses(losses: readonly Loss[], waitMs = MINUTE, begin: History = noHistory) {
  const found: (number | 'over')[] = [];
  let history = begin;
  let now = 1_000_000;
  for (const loss of losses) {
    const next = nextTry(history, loss, { now, waitMs });
    found.push(next?.pauseMs ?? 'over');
    if (next === undefined) break;
    history = next.history;
    now += next.pauseMs;
  }
  return found;
}

const times = (count: number, loss: Loss) => Array<Loss>(count).fill(loss);

describe('the next connection', () => {
  it('comes 3 s after the body has ended, later each time up to a minute, for ever', () => {
    expect(pauses(times(8, ended))).toEqual([3000, 6000, 12_000, 24_000, 48_000, MINUTE, MINUTE, MINUTE]);
    expect(pauses(times(2000, ended)).at(-1)).toBe(MINUTE);
  });

  it('comes when the server wants it, also if that is later than a minute', () => {
    expect(pauses(times(4, ended), MINUTE, withRetry(noHistory, 100))).toEqual([100, 200, 400, 800]);
    expect(pauses(times(2, ended), MINUTE, withRetry(noHistory, 5 * MINUTE))).toEqual([
      5 * MINUTE,
      5 * MINUTE,
    ]);
  });

  it('is neither at once nor in a million years', () => {
    expect(pauses([ended], MINUTE, withRetry(noHistory, 0))).toEqual([10]);
    expect(pauses([ended, asked(0)], MINUTE, withRetry(noHistory, 1e15))).toEqual([24 * 60 * MINUTE, 10]);
    expect(pauses([asked(1e15)])).toEqual([24 * 60 * MINUTE]);
  });

  it('comes soon again after an event, but not after a mere connection', () => {
    const later = nextTry(noHistory, ended, { now: 0, waitMs: MINUTE })?.history ?? noHistory;
    expect(pauses([ended], MINUTE, connected(later))).toEqual([6000]);
    expect(pauses([ended], MINUTE, received(connected(later)))).toEqual([3000]);
  });

  it('is tried for a time when there is no connection, the last time at its end', () => {
    expect(pauses(times(9, unreachable))).toEqual([3000, 6000, 12_000, 24_000, 15_000, 'over']);
    expect(pauses(times(9, asked(undefined)), 4000)).toEqual([3000, 1000, 'over']);
  });

  it('has all the time again after a connection', () => {
    const failing = nextTry(noHistory, unreachable, { now: 0, waitMs: 10 })?.history ?? noHistory;
    expect(nextTry(failing, unreachable, { now: 10, waitMs: 10 })).toBeUndefined();
    expect(nextTry(connected(failing), unreachable, { now: 10, waitMs: 10 })).toBeDefined();
  });

  it('comes when a busy server asks for it, however often', () => {
    expect(pauses(times(5, asked(30_000)), 1000)).toEqual(Array(5).fill(30_000));
    expect(pauses([unreachable, asked(90_000), unreachable], 1000)).toEqual([1000, 90_000, 1000]);
  });
});
