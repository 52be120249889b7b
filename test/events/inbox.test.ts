import { setImmediate as idle } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Inbox, type WaitingEvent } from '../../src/events/inbox.ts';

const LONG = 1_000_000;
const MOST = 8 << 20;
const limits = { count: 3, lingerMs: LONG, quietMs: LONG };

const event = (name: string, bytes = 1): WaitingEvent => ({
  ...{ bytes: Buffer.alloc(bytes, name), start: 0, end: bytes },
  ...{ lastId: name, fingerprint: name },
});
const events = (...names: string[]) => names.map((name) => event(name));
const names = (taken: { events: readonly WaitingEvent[] } | undefined) =>
  taken?.events.map(({ lastId }) => lastId);

/** Whether a promise is settled, once all that can go on has. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {},
  );
  for (let turn = 0; turn < 5; turn++) await idle();
  return settled;
}

describe('an inbox', () => {
  it('gives full batches in order, and the id behind each', async () => {
    const inbox = new Inbox('', MOST);
    await inbox.add(events('a', 'b'), 'b');
    const first = inbox.take(limits);
    expect(await isSettled(first)).toBe(false);
    await inbox.add(events('c', 'd'), 'left out');
    expect(await first).toMatchObject({ events: events('a', 'b', 'c'), lastId: 'c' });
    inbox.end();
    // Behind the last event also that of events that are left out.
    expect(await inbox.take(limits)).toMatchObject({ events: events('d'), lastId: 'left out' });
    expect(await inbox.take(limits)).toBeUndefined();
  });

  it('gives what it has when the first event has waited for long enough, while a command ran too', async () => {
    const inbox = new Inbox('', MOST);
    await inbox.add(events('a'), 'a');
    expect(names(await inbox.take({ ...limits, lingerMs: 20 }))).toEqual(['a']);
    const begun = performance.now();
    const later = inbox.take({ ...limits, lingerMs: 20 });
    await inbox.add(events('b'), 'b');
    expect(names(await later)).toEqual(['b']);
    expect(performance.now() - begun).toBeGreaterThan(18);
  });

  it('takes no more when much waits, until some are taken, and gives them at once', async () => {
    const inbox = new Inbox('', MOST);
    const big = (name: string) => [event(name, 3 << 20)];
    await inbox.add(big('a'), 'a');
    await inbox.add(big('b'), 'b');
    const full = inbox.add(big('c'), 'c');
    expect(await isSettled(full)).toBe(false);
    expect(names(await inbox.take({ ...limits, count: 1000 }))).toEqual(['a', 'b', 'c']);
    await full;
  });

  it('counts small events as more than their bytes', async () => {
    const inbox = new Inbox('', MOST);
    const many = Array.from({ length: 50_000 }, () => event('x'));
    expect(await isSettled(inbox.add(many, 'x'))).toBe(false);
  });

  it('lets go of who waits for room when it ends', async () => {
    const inbox = new Inbox('', MOST);
    const full = inbox.add([event('a', 9 << 20)], 'a');
    inbox.end();
    await full;
  });

  it('tells an id without events when it is quiet, and at the end', async () => {
    const inbox = new Inbox('0', MOST);
    await inbox.add([], '1');
    expect(await inbox.take({ ...limits, quietMs: 1 })).toEqual({ events: [], lastId: '1' });
    expect(await inbox.take({ ...limits, quietMs: 1 })).toEqual({ events: [], lastId: '1' });
    const waiting = inbox.take(limits);
    await inbox.add([], '2');
    expect(await isSettled(waiting)).toBe(false);
    inbox.end();
    expect(await waiting).toEqual({ events: [], lastId: '2' });
    expect(await inbox.take(limits)).toBeUndefined();
  });

  it('throws the error of its end after all events', async () => {
    const inbox = new Inbox('', MOST);
    await inbox.add(events('a'), 'a');
    inbox.end(new Error('broken'));
    inbox.end();
    expect(names(await inbox.take(limits))).toEqual(['a']);
    await expect(inbox.take(limits)).rejects.toThrow('broken');
  });
});
