import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { isReading, type Outcome, takeRounds } from '../../src/sensors/rounds.ts';
import type { Measurement, Sensor } from '../../src/sensors/sensor.ts';
import type { ConfiguredSensor } from '../../src/sensors/take-reading.ts';

type Read = Sensor['read'];

const measured = (value: number): Measurement => ({ value: { units: BigInt(value), scale: 0 } });

/** Its values are 1, 2, 3 and so on. */
function counter(): Read {
  let value = 0;
  return async () => measured(++value);
}

/** Answers when it is told to, or ends with the signal. */
function slow() {
  let answer = (_: Measurement) => {};
  const read: Read = ({ signal }) =>
    new Promise((resolve, reject) => {
      answer = resolve;
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  return { read, answer: (value: number) => answer(measured(value)) };
}

const configured = (reads: Readonly<Record<string, Read>>): ConfiguredSensor[] =>
  Object.entries(reads).map(([name, read]) => ({
    ...{ sensor: { name, read }, shown: `x:${name}`, name: undefined, unit: 'C', range: undefined },
  }));

interface Case {
  readonly everyMs?: number;
  readonly rounds?: number;
  readonly stop?: AbortController;
}

function rounds(sensors: readonly ConfiguredSensor[], { everyMs, rounds = 1, stop }: Case) {
  const { signal } = stop ?? new AbortController();
  const options = { timeoutMs: 30_000, retries: 0, now: Date.now, signal };
  return takeRounds(sensors, { everyMs, rounds }, options);
}

const shown = (outcome: Outcome) =>
  isReading(outcome) ? `${outcome.sensor} ${outcome.value.units}` : outcome.message;

/** What is there when `isEnough` says so, or at the end. */
async function taken(batches: AsyncIterable<Outcome[]>, isEnough = (_: readonly string[]) => false) {
  const lines: string[] = [];
  for await (const batch of batches) {
    lines.push(...batch.map(shown));
    if (isEnough(lines)) break;
  }
  return lines;
}

describe('rounds of several sensors', () => {
  it('have readings in the order of the sensors, whichever is first', async () => {
    const late = slow();
    const early: Read = async () => {
      setTimeout(() => late.answer(7), 0);
      return measured(1);
    };
    const sensors = configured({ late: late.read, early });
    expect(await taken(rounds(sensors, {}))).toEqual(['late 7', 'early 1']);
    expect(await taken(rounds(sensors, { everyMs: 1 }))).toEqual(['late 7', 'early 1']);
  });

  it('begin together: none is read later because another one hangs', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `s${at}`);
    let begun = 0;
    let open = () => {};
    const allBegun = new Promise<void>((resolve) => {
      open = resolve;
    });
    const read: Read = async () => {
      begun += 1;
      if (begun === names.length) open();
      await allBegun;
      return measured(1);
    };
    const sensors = configured(Object.fromEntries(names.map((name) => [name, read])));
    expect(await taken(rounds(sensors, {}))).toEqual(names.map((name) => `${name} 1`));
  });

  it('go on without one that is busy, whose reading comes when it is there', async () => {
    const late = slow();
    const sensors = configured({ late: late.read, fast: counter() });
    const batches = rounds(sensors, { everyMs: 5, rounds: Number.POSITIVE_INFINITY });
    const lines = await taken(batches, (all) => {
      if (all.includes('fast 3')) late.answer(9);
      return all.includes('late 9');
    });
    expect(lines.slice(0, 3)).toEqual(['fast 1', 'fast 2', 'fast 3']);
  });

  it('wait for one that is busy at the end', async () => {
    const late = slow();
    const fast = counter();
    const last: Read = async (context) => {
      const measurement = await fast(context);
      if (measurement?.value.units === 3n) setTimeout(() => late.answer(9), 0);
      return measurement;
    };
    const lines = await taken(rounds(configured({ late: late.read, last }), { everyMs: 5, rounds: 3 }));
    expect(lines.toSorted()).toEqual(['last 1', 'last 2', 'last 3', 'late 9']);
  });

  it('are not counted while every sensor is busy', async () => {
    const read: Read = () => new Promise((resolve) => setTimeout(() => resolve(measured(1)), 20));
    expect(await taken(rounds(configured({ one: read }), { everyMs: 1, rounds: 3 }))).toHaveLength(3);
  });

  it('have the failures of some beside the readings of others', async () => {
    const broken: Read = async () => {
      throw new Failure(status.unavailable, 'broken');
    };
    const sensors = configured({ broken, good: counter() });
    expect(await taken(rounds(sensors, { rounds: 2 }))).toEqual(['broken', 'good 1', 'broken', 'good 2']);
  });

  it('refuse a reading under the name of another sensor', async () => {
    const named: Read = async () => ({ ...measured(5), sensor: 'first' });
    const lines = await taken(rounds(configured({ first: counter(), second: named }), { rounds: 2 }));
    const refusal = 'x:second: is named "first", as is x:first: write NAME=SENSOR';
    expect(lines).toEqual(['first 1', refusal, 'first 2', refusal]);
  });

  it('end with the recordings, each by itself', async () => {
    const recording = (length: number): Read => {
      const next = counter();
      return async (context) => {
        const measurement = await next(context);
        return measurement && Number(measurement.value.units) > length ? undefined : measurement;
      };
    };
    const sensors = configured({ none: recording(0), two: recording(2) });
    const lines = await taken(rounds(sensors, { rounds: Number.POSITIVE_INFINITY }));
    expect(lines).toEqual(['x:none: nothing recorded', 'two 1', 'two 2']);
  });

  it('give what was read before they are aborted', async () => {
    const stop = new AbortController();
    const fast: Read = async () => {
      setTimeout(() => stop.abort(new Error('SIGTERM')), 0);
      return measured(1);
    };
    const lines: string[] = [];
    const all = async () => {
      const batches = rounds(configured({ hanging: slow().read, fast }), {
        everyMs: 60_000,
        rounds: 9,
        stop,
      });
      for await (const batch of batches) lines.push(...batch.map(shown));
    };
    await expect(all()).rejects.toThrow('SIGTERM');
    expect(lines).toEqual(['fast 1']);
  });

  it('end with a bug', async () => {
    const bug: Read = async () => {
      throw new TypeError('bug');
    };
    await expect(taken(rounds(configured({ bug, good: counter() }), { rounds: 2 }))).rejects.toThrow('bug');
  });
});
