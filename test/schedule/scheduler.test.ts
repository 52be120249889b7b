import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/ledger/requests.ts';
import { addRequest } from '../../src/ledger/requests.ts';
import { at, scheduling } from './scheduling.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a beat', () => {
  it('begins what is due, once', async () => {
    const { beatAt, end, rows, told } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true', start: at('10:00:30') },
    });
    await beatAt(at('10:00:59'));
    await beatAt(at('10:01:00'));
    await beatAt(at('10:01:01'));
    await end();
    await beatAt(at('10:01:59'));
    expect([told, rows()]).toEqual([['a 10:01 1'], ['a 10:01 schedule success']]);
  });

  it('that is lost loses nothing', async () => {
    const { beatAt, end, rows, told } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true', start: at('10:00:30') },
    });
    // The clock that nobody sets has not moved, so that the older ones are a gap.
    await beatAt(at('10:02:10'));
    await end();
    await end();
    expect(told).toEqual(['a 10:02 1']);
    expect(rows()).toEqual(['a 10:01 catchup skipped missed', 'a 10:02 schedule success']);
  });

  it('takes a clock that was set forward for an outage', async () => {
    for (const jump of [HOUR, DAY]) {
      const { beatAt, rows } = await scheduling({
        ...{ crontab: '#: name=a\n* * * * * true', start: at('10:00:30') },
      });
      await beatAt(at('10:00:30') + jump);
      const [missed = '', ...others] = rows();
      expect(missed).toMatch(/^a \d\d:59 catchup skipped missed x \d+$/);
      expect([missed.split(' ').at(-1), others.length]).toEqual([String(jump / 60_000 - 1), 1]);
    }
  });

  it('goes on with a clock that was set back: by an hour with repeats, by a day from the start', async () => {
    const { beatAt, rows, end } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true\n#: name=fixed\n1 10 * * * true', start: at('10:00:30') },
    });
    await beatAt(at('10:01:00'));
    await end();
    await end();
    await beatAt(at('09:01:00'));
    await beatAt(at('09:02:00'));
    await end();
    // On, and back again: the minute comes a second time.
    await beatAt(at('10:00:59.999'));
    await end();
    await beatAt(at('10:01:00'));
    await end();
    await beatAt(at('10:01:00') - DAY);
    await beatAt(at('10:02:00') - DAY);
    expect(rows().filter((row) => row.startsWith('fixed'))).toEqual(['fixed 10:01 schedule success']);
    expect(rows().filter((row) => !row.startsWith('fixed'))).toEqual([
      'a 10:01 schedule success',
      'a 09:02 schedule success',
      'a 09:59 catchup skipped missed x 57',
      'a 10:00 schedule success',
      'a 10:01 schedule success repeat 1',
      'a 10:02 schedule running',
    ]);
  });

  it('set back while a run waits for its next try: it waits no longer than it has to', async () => {
    const { beatAt, end, set, told } = await scheduling({
      ...{ crontab: '#: name=a retries=1 retry-delay=200ms\n* * * * * true', start: at('10:00:30') },
    });
    await beatAt(at('10:01:00'));
    await end({ state: 'failed', status: 75 });
    set(at('09:01:00'));
    await expect.poll(() => told).toEqual(['a 10:01 1', 'a 10:01 2']);
  });

  it('was set back while no schedule ran: a run waits for its next try no longer than its policy says', async () => {
    const { scheduler, settle, ledger, told } = await scheduling({
      ...{ crontab: '#: name=a retries=1 max-retry-delay=200ms\n* * * * * true', start: at('10:00:30') },
    });
    const times = { scheduled: at('10:00:00'), dataStart: at('09:59:00'), dataEnd: at('10:00:00') };
    const [run = expect.fail()] = await ledger.add([
      { job: 'a', trigger: 'schedule', ...times, repeat: 0, state: 'queued' },
    ]);
    const [job = expect.fail()] = scheduler.jobs.values();
    scheduler.take({ ...run, tries: 1 }, job, { kind: 'retry', at: at('10:00:30') + DAY });
    await settle();
    await expect.poll(() => told).toEqual(['a 10:00 2']);
  });

  it('writes down what a paused job does not do', async () => {
    const { beatAt, rows, ledger, told } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true', start: at('10:00:30') },
    });
    await ledger.write(({ sql }) => sql('UPDATE job SET paused = 1').run());
    await beatAt(at('10:01:00'));
    await ledger.write(({ sql }) => sql('UPDATE job SET paused = NULL').run());
    await beatAt(at('10:02:00'));
    expect(told).toEqual(['a 10:02 1']);
    expect(rows()).toEqual(['a 10:01 schedule skipped paused', 'a 10:02 schedule running']);
  });
});

describe('catching up', () => {
  const gap = (policy: string) =>
    scheduling({ crontab: `#: name=a ${policy}\n*/10 * * * * true`, start: at('10:00:30') });

  it('makes up the last one, for all of the gap', async () => {
    const { beatAt, begun, end, told, rows } = await gap('catchup=last');
    await beatAt(at('10:30:10'));
    const [{ order } = expect.fail('nothing runs')] = begun;
    expect(order).toMatchObject({ dataStart: at('10:00:00'), dataEnd: at('10:20:00'), isOfNow: false });
    await end();
    expect(begun[0]?.order).toMatchObject({
      dataStart: at('10:20:00'),
      isOfNow: true,
      since: at('10:20:00'),
    });
    await end();
    expect(told).toEqual(['a 10:20 1', 'a 10:30 1']);
    expect(rows()).toEqual(['a 10:20 catchup success x 2', 'a 10:30 schedule success']);
  });

  it('makes up all of them, one at a time, the oldest first', async () => {
    const { beatAt, end, told, rows } = await gap('catchup=all');
    await beatAt(at('10:40:10'));
    for (const time of ['10:10', '10:20', '10:30', '10:40']) {
      expect(told.at(-1)).toBe(`a ${time} 1`);
      await end();
    }
    expect(told).toHaveLength(4);
    expect(rows().map((row) => row.split(' ').slice(1).join(' '))).toEqual([
      ...['10:10', '10:20', '10:30'].map((time) => `${time} catchup success`),
      '10:40 schedule success',
    ]);
  });

  it('lets what is due meanwhile wait for its turn', async () => {
    const { beatAt, end, told, rows } = await gap('catchup=all');
    await beatAt(at('10:30:10'));
    await beatAt(at('10:40:00'));
    for (let left = 4; left > 0; left--) await end();
    expect(told.map((text) => text.split(' ')[1])).toEqual(['10:10', '10:20', '10:30', '10:40']);
    expect(rows().every((row) => row.endsWith('success'))).toBe(true);
  });
});

describe('a disk that is full', () => {
  it('has nothing started; later all is caught up', async () => {
    const { beatAt, disk, told, rows, troubles, end } = await scheduling({
      ...{ crontab: '#: name=a catchup=all\n* * * * * true', start: at('10:00:30') },
    });
    disk.isFull = true;
    await beatAt(at('10:01:00'));
    await beatAt(at('10:01:01'));
    expect([told, rows(), troubles.length]).toEqual([[], [], 2]);
    disk.isFull = false;
    await beatAt(at('10:01:02'));
    await end();
    expect([told, rows()]).toEqual([['a 10:01 1'], ['a 10:01 schedule success']]);
  });

  it('when a try is to be started that was decided upon before: it waits', async () => {
    const { beatAt, disk, told, rows, end, settle, troubles } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true\n#: name=b\n* * * * * true', start: at('10:00:30'), slots: 1 },
    });
    await beatAt(at('10:01:00'));
    disk.isFull = true;
    await end();
    expect([told, troubles.length]).toEqual([['a 10:01 1'], 1]);
    disk.isFull = false;
    await expect.poll(() => told).toHaveLength(2);
    await settle();
    await end();
    expect(rows()).toEqual(['a 10:01 schedule success', 'b 10:01 schedule success']);
  });
});

describe('what people ask for', () => {
  const request = (words: Partial<Request>): Omit<Request, 'id'> => ({
    ...{ verb: 'run', job: undefined, run: undefined, task: undefined, at: undefined, env: {}, who: 'me' },
    ...words,
  });

  async function asked() {
    const made = await scheduling({
      ...{ crontab: '#: name=a retries=1 retry-delay=1h\n0 * * * * true', start: at('10:30:00') },
    });
    const answers = () =>
      made.ledger.read(({ sql }) =>
        sql('SELECT status, answer FROM request ORDER BY id').all().map(Object.values),
      );
    const ask = async (...words: readonly Partial<Request>[]) => {
      await made.ledger.write((file) => words.map((one) => addRequest(file, request(one), 0)));
      await made.ask();
      await made.settle();
    };
    return { ...made, ask, answers };
  }

  it('a run: now, at another time, of a job that there is not', async () => {
    const { ask, answers, begun, end, rows } = await asked();
    await ask({ job: 'a' }, { job: 'a', at: at('08:00:00'), env: { MORE: 'x' } }, { job: 'b' });
    expect(await answers()).toEqual([
      [0, '1'],
      [0, '2'],
      [66, 'no such job: b'],
    ]);
    expect(begun[0]?.order).toMatchObject({
      isOfNow: true,
      dataStart: at('09:00:00'),
      dataEnd: at('10:00:00'),
    });
    await end();
    expect(begun[0]?.order).toMatchObject({ isOfNow: false, scheduled: at('08:00:00'), env: { MORE: 'x' } });
    await end();
    expect(rows()).toEqual(['a 10:30 manual success', 'a 08:00 manual success']);
  });

  it('that a job is paused, and goes on', async () => {
    const { ask, answers, beatAt, rows } = await asked();
    await ask({ verb: 'pause', job: 'a' }, { verb: 'pause', job: 'b' });
    await beatAt(at('11:00:00'));
    await ask({ verb: 'resume', job: 'a' });
    await beatAt(at('12:00:00'));
    expect(rows()).toEqual(['a 11:00 schedule skipped paused', 'a 12:00 schedule running']);
    expect(await answers()).toEqual([
      [0, ''],
      [66, 'no such job: b'],
      [0, ''],
    ]);
  });

  it('none of them uses up a scheduled one', async () => {
    const { ask, beatAt, end, rows } = await asked();
    await ask({ job: 'a', at: at('11:00:00') });
    await end();
    await beatAt(at('11:00:00'));
    await end();
    expect(rows()).toEqual(['a 11:00 manual success', 'a 11:00 schedule success']);
  });

  it('a retry of a run that has ended, with its next number', async () => {
    const { ask, answers, beatAt, end, rows, told } = await asked();
    await beatAt(at('11:00:00'));
    await ask({ verb: 'retry', run: 1 });
    await end({ state: 'failed', status: 65 });
    await ask({ verb: 'retry', run: 1, task: 'a' });
    await ask({ verb: 'retry', run: 1 }, { verb: 'retry', run: 7 });
    await end();
    expect(told).toEqual(['a 11:00 1', 'a 11:00 2']);
    expect(rows()).toEqual(['a 11:00 retry success']);
    expect(await answers()).toEqual([
      [69, 'run 1 is running'],
      [69, 'run 1 has no tasks'],
      [0, '1'],
      [66, 'no such run: 7'],
    ]);
  });

  it('the end of a run that is intended, and not started yet', async () => {
    const { ask, beatAt, rows, told, disk, settle, ledger } = await asked();
    let turn = () => {};
    disk.turns = new Promise((resolve) => {
      turn = resolve;
    });
    await beatAt(at('11:00:00'));
    expect([told, rows()]).toEqual([[], ['a 11:00 schedule running']]);
    await ask({ verb: 'stop', run: 1 });
    turn();
    await settle();
    expect([told, rows()]).toEqual([[], ['a 11:00 schedule skipped stopped']]);
    expect(await ledger.unfinished()).toEqual([]);
    expect(await ledger.read(({ sql }) => sql('SELECT state, reason FROM try').all())).toEqual([
      { state: 'skipped', reason: 'stopped' },
    ]);
  });

  it('the end of a run: while it runs, waits for its turn, and waits for a retry', async () => {
    const { ask, answers, beatAt, end, rows, told } = await asked();
    await beatAt(at('11:00:00'));
    await ask({ job: 'a' }, { verb: 'stop', run: 2 }, { verb: 'stop', run: 1 });
    await beatAt(at('12:00:00'));
    await end({ state: 'failed', status: 75 });
    await end({ state: 'failed', status: 75 });
    expect(rows().at(-1)).toBe('a 12:00 schedule up_for_retry');
    await ask({ verb: 'stop', run: 3 }, { verb: 'stop', run: 3 });
    expect(told).toEqual(['a 11:00 1', 'a 12:00 1']);
    expect(rows()).toEqual([
      'a 11:00 schedule failed stopped',
      'a 11:00 manual skipped stopped',
      'a 12:00 schedule failed stopped',
    ]);
    expect((await answers()).slice(-2)).toEqual([
      [0, '3'],
      [69, 'run 3 has ended: failed'],
    ]);
  });
});

describe('the end of the schedule', () => {
  it('leaves a run whose try was to start in that moment in the queue, for the next one', async () => {
    const { beatAt, rows, told, disk, ledger, stopAll } = await scheduling({
      ...{ crontab: `#: name=a\n* * * * * true`, start: at('10:00:30') },
    });
    let turn = () => {};
    disk.turns = new Promise((resolve) => {
      turn = resolve;
    });
    await beatAt(at('10:01:00'));
    expect([told, rows()]).toEqual([[], ['a 10:01 schedule running']]);
    const end = stopAll();
    turn();
    await end;
    expect([told, rows()]).toEqual([[], ['a 10:01 schedule queued']]);
    expect(await ledger.unfinished()).toMatchObject([{ run: { state: 'queued', tries: 0 }, tries: [] }]);
  });
});

describe('slots', () => {
  it('one: jobs run in the order of the crontab, the rest is queued', async () => {
    const { beatAt, end, told, rows } = await scheduling({
      ...{ crontab: [1, 2, 3].map((n) => `#: name=job-${n}\n* * * * * true`).join('\n'), slots: 1 },
      start: at('10:00:30'),
    });
    await beatAt(at('10:01:00'));
    expect(told).toEqual(['job-1 10:01 1']);
    expect(rows().map((row) => row.split(' ').at(-1))).toEqual(['running', 'queued', 'queued']);
    await end();
    await end();
    await end();
    expect(told.map((text) => text.split(' ')[0])).toEqual(['job-1', 'job-2', 'job-3']);
  });

  it('a run that is stopped while it waits for one is over at once, and those behind it move up', async () => {
    const { beatAt, end, told, rows, scheduler, settle } = await scheduling({
      ...{ crontab: [1, 2, 3].map((n) => `#: name=job-${n}\n* * * * * true`).join('\n'), slots: 1 },
      start: at('10:00:30'),
    });
    await beatAt(at('10:01:00'));
    expect(scheduler.stop('job-2', 2)).toBe('running');
    await settle();
    expect(rows()[1]).toBe('job-2 10:01 schedule skipped stopped');
    await end();
    await end();
    expect(told).toEqual(['job-1 10:01 1', 'job-3 10:01 1']);
  });
});

describe('a crontab that is read again', () => {
  it('without a job that runs: it runs on, and is not due any more', async () => {
    const { beatAt, end, told, rows, load, scheduler } = await scheduling({
      ...{ crontab: '#: name=a\n* * * * * true\n#: name=b\n* * * * * true', start: at('10:00:30') },
    });
    await beatAt(at('10:01:00'));
    await load('#: name=b\n* * * * * true');
    await beatAt(at('10:02:00'));
    expect(scheduler.stop('a', 1)).toBe('running');
    await end();
    await end();
    expect(told).toEqual(['a 10:01 1', 'b 10:01 1']);
    expect(rows()).toEqual([
      'a 10:01 schedule failed stopped',
      'b 10:01 schedule success',
      'b 10:02 schedule skipped overlap',
    ]);
  });

  it('with a job that is new: it has missed nothing', async () => {
    const { beatAt, rows, load, set } = await scheduling({
      ...{ crontab: '#: name=a\n0 * * * * true', start: at('10:00:30') },
    });
    set(at('10:30:00'));
    await load('#: name=a\n0 * * * * true\n#: name=b catchup=all\n* * * * * true');
    await beatAt(at('10:31:00'));
    expect(rows()).toEqual(['b 10:31 schedule running']);
  });
});
