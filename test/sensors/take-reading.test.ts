import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { parseRange } from '../../src/readings/range.ts';
import type { Reading } from '../../src/readings/reading.ts';
import type { Sensor } from '../../src/sensors/sensor.ts';
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
