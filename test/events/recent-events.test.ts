import { expect, it } from 'vitest';
import { fingerprint, RECENT, RecentEvents } from '../../src/events/recent-events.ts';

const event = (id: string | undefined, data: string, name = 'message') => ({
  ...{ id, lastId: id ?? '', event: name, data },
});

it('an event is known by its id and all that it says', () => {
  const prints = [event('1', 'a'), event('2', 'a'), event('1', 'b'), event('1', 'a', 'x')].map(fingerprint);
  expect(new Set(prints).size).toBe(4);
  expect(fingerprint(event('1', 'a'))).toBe(prints[0]);
  expect([fingerprint(event(undefined, 'a')), fingerprint(event('', 'a'))]).toEqual([undefined, undefined]);
});

it('the last events are known, and no others', () => {
  const recent = new RecentEvents(['a', 'b']);
  expect(['a', 'b', 'c', 'c'].map((print) => recent.isRepeat(print))).toEqual([true, true, false, true]);
  for (let at = 0; at < RECENT - 3; at++) recent.isRepeat(String(at));
  expect(recent.isRepeat('a')).toBe(true);
  recent.isRepeat('new');
  expect(['b', 'c', 'new'].map((print) => recent.isRepeat(print))).toEqual([true, true, true]);
  expect(recent.isRepeat('a')).toBe(false);
  expect(recent.isRepeat('b')).toBe(false);
});
