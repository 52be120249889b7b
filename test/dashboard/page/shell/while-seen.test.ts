import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileSeen } from '../../../../src/dashboard/page/shell/while-seen.ts';

class Tab extends EventTarget {
  hidden = false;

  turn(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function seen(hidden: boolean) {
  const tab = Object.assign(new Tab(), { hidden });
  const told: string[] = [];
  const stop = whileSeen(tab, { begin: () => told.push('begin'), end: () => told.push('end') });
  return { tab, told, stop };
}

it('ends when nobody has seen the page for a while, and begins again', () => {
  const { tab, told, stop } = seen(false);
  tab.turn(true);
  vi.advanceTimersByTime(10_000);
  tab.turn(false);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['begin']);
  tab.turn(true);
  tab.turn(true);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['begin', 'end']);
  tab.turn(false);
  tab.turn(false);
  expect(told).toEqual(['begin', 'end', 'begin']);
  stop();
  stop();
  tab.turn(true);
  tab.turn(false);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['begin', 'end', 'begin', 'end']);
});

it('does not begin before the page is seen, nor once it is stopped', () => {
  const { tab, told, stop } = seen(true);
  expect(told).toEqual([]);
  tab.turn(false);
  tab.turn(true);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['begin', 'end']);
});
