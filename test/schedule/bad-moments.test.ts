import { describe, expect, it, onTestFinished } from 'vitest';
import { startBeat } from '../../src/schedule/beat.ts';
import { at, scheduling } from './scheduling.ts';

const MINUTELY = '* * * * * true';

describe('a disk that is full', () => {
  it('when a minute begins: the beat is made again within a second', async () => {
    const { beatAt, disk, scheduler, told, settle } = await scheduling({
      ...{ crontab: `#: name=a\n${MINUTELY}`, start: at('10:00:30') },
    });
    disk.isFull = true;
    await beatAt(at('10:01:00'));
    const end = startBeat({
      onBeat: () => void scheduler.beat(),
      ...{ onGuard: () => {}, isBehind: () => scheduler.isBehind, next: () => Number.POSITIVE_INFINITY },
      now: () => at('10:01:00'),
    });
    onTestFinished(end);
    disk.isFull = false;
    await expect.poll(() => told).toEqual(['a 10:01 1']);
    await settle();
    expect(scheduler.isBehind).toBe(false);
  });

  it('when a job is to be tried again: it is, later', async () => {
    const { beatAt, disk, told, rows, end, troubles } = await scheduling({
      ...{ crontab: `#: name=a retries=1 retry-delay=0\n${MINUTELY}`, start: at('10:00:30') },
    });
    await beatAt(at('10:01:00'));
    disk.isFull = true;
    await end({ state: 'failed', status: 75 });
    expect(troubles.length).toBe(1);
    disk.isFull = false;
    await expect.poll(() => told).toEqual(['a 10:01 1', 'a 10:01 2']);
    await end();
    expect(rows()).toEqual(['a 10:01 schedule success']);
  });

  it('when a job has failed for good: its hook is run', async () => {
    const { beatAt, disk, hooks, end } = await scheduling({
      ...{ crontab: `#: name=a on-failure=mail\n${MINUTELY}`, start: at('10:00:30') },
    });
    await beatAt(at('10:01:00'));
    disk.isFull = true;
    await end({ state: 'failed', status: 65 });
    expect(hooks).toEqual(['a failed 65']);
  });
});

describe('a run that is not wanted any more', () => {
  it('while its try cannot be written down: it has ended', async () => {
    const { beatAt, disk, scheduler, told, rows, settle, end } = await scheduling({
      ...{ crontab: `#: name=a\n${MINUTELY}\n#: name=b\n${MINUTELY}`, start: at('10:00:30'), slots: 1 },
    });
    await beatAt(at('10:01:00'));
    disk.isFull = true;
    await end();
    scheduler.stop('b', 2);
    disk.isFull = false;
    await settle();
    expect(told).toEqual(['a 10:01 1']);
    expect(rows()).toEqual(['a 10:01 schedule success', 'b 10:01 schedule skipped stopped']);
  });

  it('since the next one is due while it waits for its retry: it has failed, and its hook says so', async () => {
    const { beatAt, hooks, rows, end } = await scheduling({
      crontab: `#: name=a overlap=kill retries=5 retry-delay=1h on-failure=mail\n${MINUTELY}`,
      start: at('10:00:30'),
    });
    await beatAt(at('10:01:00'));
    await end({ state: 'failed', status: 75 });
    await beatAt(at('10:02:00'));
    expect(rows()).toEqual(['a 10:01 schedule failed killed', 'a 10:02 schedule running']);
    expect(hooks).toEqual(['a failed 75']);
  });
});
