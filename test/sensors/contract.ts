/** The contract of all sensors. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { openSensor } from '../../src/sensors/open.ts';
import { formatDecimal } from '../../src/stats/decimal.ts';
import { run } from '../harness.ts';
import { opened, readOnce, sensorIo } from './sensor-io.ts';

export interface OpenedSensor {
  readonly address: string;
  readonly env?: Record<string, string>;
}

/** Creates sensors of one kind, good and bad. */
export interface Sensors {
  readonly good: () => Promise<OpenedSensor>;
  /** The value of the good one, with all its digits. */
  readonly value: string;
  /** The default name of the good one in reading lines. */
  readonly name: string;
  /** Ends after one reading, and explains each bad line. */
  readonly isRecording?: true;
  /** Has a value that is not a number; undefined if that is impossible. */
  readonly junk?: () => Promise<OpenedSensor>;
  /** Does not exist. */
  readonly gone?: () => Promise<OpenedSensor>;
  /** Never complete a reading. */
  readonly hanging?: Readonly<Record<string, () => Promise<OpenedSensor>>>;
  readonly malformed: readonly string[];
  /** For sensors that read text: reads this JSON. */
  readonly giving?: (json: string) => Promise<OpenedSensor>;
  /** For sensors that get-temp --list can find: the address of the good one, and its label in the list. */
  readonly listed?: readonly [address: string, label: string];
}

export function sensorContract(kind: string, sensors: Sensors): void {
  const { good, value, name, isRecording, junk, gone, hanging = {}, malformed, giving, listed } = sensors;

  async function openedBy(open = good) {
    const { address, env = {} } = await open();
    const sensor = await opened(address, env);
    const getTemp = (...words: string[]) => run('get-temp', [address, ...words], { env });
    return { sensor, getTemp };
  }

  describe(`sensor: ${kind}`, () => {
    it('reads a good value with all its digits', async () => {
      const { sensor } = await openedBy();
      const measurement = await readOnce(sensor);
      expect(measurement && formatDecimal(measurement.value)).toBe(value);
      expect(measurement?.sensor ?? sensor.name).toBe(name);
    });

    it('reads again', async () => {
      const { sensor } = await openedBy();
      await readOnce(sensor);
      const measurement = await readOnce(sensor);
      expect(measurement && formatDecimal(measurement.value)).toBe(isRecording ? undefined : value);
    });

    it('prints one line and nothing else', async () => {
      const { getTemp } = await openedBy();
      const { stdout, stderr, status } = await getTemp();
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(stdout).toMatch(new RegExp(`^20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z,${name},${value}\n$`));
    });

    it('reads nothing once it is aborted', async () => {
      const { sensor } = await openedBy();
      const signal = AbortSignal.abort(new Error('SIGTERM'));
      await expect(sensor.read({ signal, now: Date.now })).rejects.toThrow('SIGTERM');
    });

    for (const [what, open] of Object.entries({ junk, gone })) {
      if (open === undefined) continue;
      it(`gives no reading when it is ${what}: nothing on stdout, 69 or 75`, async () => {
        const { getTemp } = await openedBy(open);
        const { stdout, stderr, status } = await getTemp();
        expect(stdout).toBe('');
        expect(stderr).toMatch(isRecording ? /^get-temp: /m : /^get-temp: [^\n]+\n$/);
        expect([69, 75]).toContain(status);
      });
    }

    for (const [where, open] of Object.entries(hanging)) {
      it(`ends at once when it is aborted while it hangs ${where}`, async () => {
        const { sensor } = await openedBy(open);
        const stop = new AbortController();
        const reading = sensor.read({ signal: stop.signal, now: Date.now });
        // While the request is in flight; an earlier abort has the same outcome.
        setTimeout(() => stop.abort(new Error('SIGTERM')), 100);
        const late = sleep(20_000, 'late', { ref: false });
        await expect(Promise.race([reading, late])).rejects.toThrow('SIGTERM');
      });

      it(`gives no reading after --timeout (75) when it hangs ${where}`, async () => {
        const { getTemp } = await openedBy(open);
        const { stdout, stderr, status } = await getTemp('--timeout', '300ms');
        expect({ stdout, status }).toEqual({ stdout: '', status: 75 });
        expect(stderr).toMatch(/^get-temp: .*: no reading within 0.3 s\n$/);
      });
    }

    if (giving !== undefined)
      it('reads several values of a JSON object at once', async () => {
        const { getTemp } = await openedBy(() => giving('{"a":{"temp":70.70,"humid,ity":40},"on":true}'));
        const { stdout, stderr, status } = await getTemp(
          '--name',
          'attic',
          '--values',
          'a.temp=F,on,a.humid',
        );
        expect(stdout).toMatch(/^[^\n,]+Z,attic\/a\.temp,21\.5000\n$/);
        expect(stderr).toMatch(/^get-temp: [^\n]+: on: [^\n]+\nget-temp: [^\n]+: a\.humid: [^\n]+\n$/);
        expect(status).toBe(69);
      });

    if (listed !== undefined) {
      it('is listed with an address that leads to it', async () => {
        const { env = {} } = await good();
        const line = { stdout: `${listed.join('\t')}\n`, stderr: '', status: 0 };
        expect(await run('get-temp', ['--list'], { env })).toMatchObject(line);
        const measurement = await readOnce(await opened(listed[0], env));
        expect(measurement && formatDecimal(measurement.value)).toBe(value);
      });

      it('is read as one of all, and where there is none, that is a failure (69)', async () => {
        const { env = {} } = await good();
        const [scheme = ''] = listed[0].split(':', 1);
        const line = expect.stringMatching(new RegExp(`^[^,]+,[^,]+,${value}\n$`));
        for (const words of [[`${scheme}:*`], ['--all', `${scheme}:`], ['--all']])
          expect(await run('get-temp', words, { env })).toMatchObject({
            stdout: line,
            stderr: '',
            status: 0,
          });
        const none = {
          stdout: '',
          stderr: `get-temp: ${scheme}:*: there is none on this machine\n`,
          status: 69,
        };
        expect(await run('get-temp', [`${scheme}:*`], { env: { ETL_SYSFS: '/nonexistent' } })).toMatchObject(
          none,
        );
      });
    }

    it.each(malformed)('calls %s a usage error', async (address) => {
      await expect(openSensor(address, sensorIo())).rejects.toMatchObject({ status: status.usage });
    });
  });
}
