import { describe, expect, it } from 'vitest';
import { elapsedMs } from '../../src/async/clock.ts';
import { eventLoopYielder } from '../../src/async/yield-to-event-loop.ts';

function work(ms: number): void {
  for (const begun = elapsedMs(); elapsedMs() - begun < ms; );
}

describe('eventLoopYielder', () => {
  it('yields after 10 ms of work, and not before', async () => {
    const yieldToEventLoop = eventLoopYielder();
    let turns = 0;
    setImmediate(() => {
      turns += 1;
    });
    await yieldToEventLoop();
    expect(turns).toBe(0);
    work(11);
    await yieldToEventLoop();
    expect(turns).toBe(1);
  });
});
