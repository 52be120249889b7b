import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { parseRange } from '../../src/readings/range.ts';
import type { Reading } from '../../src/readings/reading.ts';
import type { Measurement, Sensor } from '../../src/sensors/sensor.ts';
import { takeReadings } from '../../src/sensors/take-reading.ts';
import { NOW } from './sensor-io.ts';

const down = () => new Failure(status.temporary, 'down');

/** A sensor that fails the first `failures` times, then measures the number of tries. */
function upAfter(failures: number, failure: () => Error = down): Sensor['read'] {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= failures) throw failure();
    return { value: { units: BigInt(tries), scale: 0 } };
  };
}

const hangs: Sensor['read'] = () => new Promise(() => {});

interface Case {
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly range?: string;
  readonly signal?: AbortSignal;
}

async function take(read: Sensor['read'], { timeoutMs = 20_000, retries = 0, range, signal }: Case) {
  const configured = {
    ...{ sensor: { name: 'own', read }, shown: 'x', name: undefined, unit: 'C' as const },
    range: range === undefined ? undefined : parseRange(range),
  };
  const readings = await takeReadings(configured, {
    ...{ timeoutMs, retries, now: () => NOW },
    signal: signal ?? new AbortController().signal,
  });
  return readings && Number((readings[0] as Reading).value.units);
}

describe('takeReadings', () => {
  it('tries again after temporary failures, as often as it may', async () => {
    await expect(take(upAfter(2), { retries: 2 })).resolves.toBe(3);
    await expect(take(upAfter(2), { retries: 1 })).rejects.toThrow('down');
  });

  it('does not try again after a failure for good, nor after a bug', async () => {
    const gone = () => new Failure(status.unavailable, 'gone');
    await expect(take(upAfter(1, gone), { retries: 5 })).rejects.toThrow('gone');
    const bug = () => new TypeError('bug');
    await expect(take(upAfter(1, bug), { retries: 5 })).rejects.toThrow('bug');
  });

  it('takes a value out of range for a temporary failure', async () => {
    await expect(take(upAfter(0), { range: '2..', retries: 1 })).resolves.toBe(2);
    await expect(take(upAfter(0), { range: '2..' })).rejects.toMatchObject({
      status: status.temporary,
      message: 'x: out of range 2..: 1',
    });
  });

  it('takes nothing for a temperature that is colder than can be', async () => {
    const of = (units: bigint) => take(async () => ({ value: { units, scale: 2 } }), {});
    await expect(of(-27315n)).resolves.toBeDefined();
    await expect(of(-27316n)).rejects.toMatchObject({ message: 'x: below absolute zero: -273.16 °C' });
  });

  it('tries again while none of several values is a reading and one may come, then says why of each', async () => {
    const gone = new Failure(status.unavailable, 'gone');
    const values = [
      { name: 'a', path: ['a'], unit: 'C' as const },
      { name: 'b', path: ['b'], unit: 'C' as const },
    ];
    const takeBoth = async (retries: number, outcomes: (tries: number) => (Measurement | Failure)[]) => {
      let tries = 0;
      const sensor = { name: 'own', read: hangs, readMembers: async () => outcomes(++tries) };
      const configured = { ...{ sensor, shown: 'x', name: undefined, unit: 'C' as const }, values };
      const taken = await takeReadings(
        { ...configured, range: parseRange('3..') },
        { timeoutMs: 20_000, retries, now: () => NOW, signal: new AbortController().signal },
      );
      return { tries, taken: taken?.map((each) => (each instanceof Failure ? each.message : each.sensor)) };
    };
    const rising = (tries: number) => ({ value: { units: BigInt(tries), scale: 0 } });
    expect(await takeBoth(5, (tries) => [rising(tries), gone])).toEqual({
      tries: 3,
      taken: ['own/a', 'gone'],
    });
    expect(await takeBoth(1, (tries) => [rising(tries), gone])).toEqual({
      tries: 2,
      taken: ['x: a: out of range 3..: 2', 'gone'],
    });
    expect(await takeBoth(5, () => [gone, gone])).toEqual({ tries: 1, taken: ['gone', 'gone'] });
    expect(await takeBoth(5, () => [rising(9), down()])).toEqual({ tries: 1, taken: ['own/a', 'down'] });
  });

  it('gives nothing at the end of a recording', async () => {
    await expect(take(async () => undefined, { retries: 5 })).resolves.toBeUndefined();
  });

  it('has one timeout for all tries, and then the last failure', async () => {
    await expect(take(upAfter(1000), { timeoutMs: 50, retries: 1000 })).rejects.toThrow('down');
    const once = upAfter(1);
    let tries = 0;
    const thenHangs: Sensor['read'] = (context) => (tries++ === 0 ? once(context) : hangs(context));
    await expect(take(thenHangs, { timeoutMs: 600, retries: 1 })).rejects.toThrow('down');
    await expect(take(hangs, { timeoutMs: 50, retries: 1000 })).rejects.toMatchObject({
      status: status.temporary,
      message: 'x: no reading within 0.05 s',
    });
  });

  it('ends at once when it is aborted, in a try or in a pause', async () => {
    for (const read of [hangs, upAfter(9)]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('SIGTERM')), 10);
      await expect(take(read, { retries: 9, signal: stop.signal })).rejects.toThrow('SIGTERM');
    }
  });
});
