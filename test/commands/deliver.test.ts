import { describe, expect, it } from 'vitest';
import { Deliverer, type Delivery } from '../../src/commands/deliver.ts';
import { nextStep, verdictOf } from '../../src/commands/outcome.ts';

const never = new AbortController().signal;

/** A source of lines, which a command gets by the table until none is left. */
async function deliverAll(
  lines: string[],
  script: string,
  { retries = 4, maxDead = 10, signal = never } = {},
) {
  const log: string[] = [];
  const dead: string[] = [];
  const waiting = [{ lines, tries: 0, delays: 0 }];
  let runs = 0;
  const deliverer = new Deliverer({
    command: ['sh', '-c', script],
    ...{ env: process.env, retries, maxDead },
    ...{ stdout: async () => {}, stderr: () => {}, flush: async () => {} },
    stop: { signal, insist: never, graceMs: 60_000 },
    warn: (message) => void log.push(message),
    explain: () => {},
  });
  let failure: unknown;
  const done: string[] = [];
  while (failure === undefined && !(signal.aborted && runs > 0)) {
    const batch = waiting.shift();
    if (batch === undefined) break;
    runs++;
    const delivery: Delivery = {
      shown: 'queue',
      ...{ count: batch.lines.length, tries: batch.tries, delays: batch.delays },
      input: [Buffer.from(batch.lines.map((line) => `${line}\n`).join(''))],
      env: { ETL_COUNT: String(batch.lines.length) },
      acknowledge: async () => void done.push(...batch.lines),
      giveBack: async ({ tries, delays }) => void waiting.unshift({ lines: batch.lines, tries, delays }),
      halve: async (tries) => {
        const half = Math.ceil(batch.lines.length / 2);
        const parts = [batch.lines.slice(0, half), batch.lines.slice(half)];
        waiting.unshift(...parts.map((part) => ({ lines: part, tries, delays: 0 })));
      },
      bury: async ({ status, stderr }, tries) =>
        void dead.push(`${batch.lines[0]} ${status} ${tries} ${stderr}`),
    };
    await deliverer.deliver(delivery).catch((error) => {
      failure = error;
    });
  }
  const left = waiting.flatMap((batch) => batch.lines);
  return { runs, done, dead, failure, log, left, tries: waiting[0]?.tries };
}

const hundred = Array.from({ length: 100 }, (_, at) => String(at));

describe('a command that is given batches', () => {
  it('finds the one bad message among a hundred in at most 15 runs', async () => {
    const script = 'grep -qx 42 && { echo poison >&2; exit 65; }; exit 0';
    const { runs, done, dead, log } = await deliverAll(hundred, script);
    expect(done.toSorted()).toEqual(hundred.filter((line) => line !== '42').toSorted());
    expect(dead).toEqual(['42 65 0 poison\n']);
    expect(log).toEqual(['queue: sh: exit status 65: dead: poison']);
    expect(runs).toBeLessThanOrEqual(15);
  });

  it('tries a message that fails some more times, and its halves no more', async () => {
    const { runs, done, dead } = await deliverAll(['a', 'b', 'c', 'd'], '! grep -qx c');
    expect(done.toSorted()).toEqual(['a', 'b', 'd']);
    expect(dead).toEqual(['c 1 7 ']);
    expect(runs).toBe(5 + 4);
  });

  it.each([64, 69, 78, 126, 127])(
    'is wrong whatever the message with %i, and nothing is taken',
    async (status) => {
      const { failure, left, dead, runs } = await deliverAll(hundred, `exit ${status}`);
      expect(failure).toMatchObject({ status: 69, message: expect.stringContaining('the command is wrong') });
      expect([left, dead, runs]).toEqual([hundred, [], 1]);
    },
  );

  it.each(['kill $$', 'exit 143', 'exit 0'])(
    'is killed by others while we stop, and no try is counted: %s',
    async (last) => {
      const stop = new AbortController();
      stop.abort();
      const { left, tries, log, done } = await deliverAll(['a'], last, { signal: stop.signal });
      expect(log).toEqual([]);
      expect(last === 'exit 0' ? done : left).toEqual(['a']);
      expect(tries).toBe(last === 'exit 0' ? undefined : 0);
    },
  );

  it('ends everything when too many messages die in a row', async () => {
    const { failure, dead, left } = await deliverAll(hundred, 'exit 65', { maxDead: 3 });
    expect(failure).toMatchObject({ status: 75, message: '3 messages died in a row (--max-dead)' });
    expect([dead.length, left.length]).toEqual([3, 97]);
  });
});

describe('the table', () => {
  const batch = { count: 5, tries: 0, delays: 0 };
  const end = (status: number, signal?: NodeJS.Signals, wasStopped = false) =>
    verdictOf({ status, wasStopped, stderr: '', ...(signal && { signal }) });

  it('knows each end', () => {
    expect([0, 65, 75, 1, 2, 70, 74, 141, 137].map((status) => end(status))).toEqual([
      'done',
      'bad',
      'not now',
      ...Array(6).fill('failed'),
    ]);
    expect(end(137, 'SIGKILL')).toBe('failed');
    expect([end(143, 'SIGTERM', true), end(1, undefined, true), end(0, undefined, true)]).toEqual([
      'not now',
      'not now',
      'done',
    ]);
  });

  it('returns for ever what is not now, with longer and longer pauses up to a minute', () => {
    const pauses = Array.from({ length: 9 }, (_, delays) => nextStep('not now', { ...batch, delays }, 4, 1));
    expect(pauses.map((step) => ('delayMs' in step ? step.delayMs / 1000 : step))).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60,
    ]);
    expect(nextStep('not now', { ...batch, tries: 3, delays: 1e6 }, 4, 0)).toEqual({
      kind: 'return',
      delayMs: 30_000,
      tries: 3,
      delays: 1e6 + 1,
    });
  });

  it('halves or buries what is bad, and what has failed too often', () => {
    expect(nextStep('bad', batch, 4)).toEqual({ kind: 'halve', tries: 0 });
    expect(nextStep('bad', { ...batch, count: 1 }, 4)).toEqual({ kind: 'bury', tries: 0 });
    expect(nextStep('failed', { ...batch, tries: 3 }, 4, 1)).toEqual({
      kind: 'return',
      delayMs: 8000,
      tries: 4,
      delays: 0,
    });
    expect(nextStep('failed', { ...batch, tries: 4 }, 4)).toEqual({ kind: 'halve', tries: 5 });
    expect(nextStep('failed', { ...batch, count: 1 }, 0)).toEqual({ kind: 'bury', tries: 1 });
  });
});
