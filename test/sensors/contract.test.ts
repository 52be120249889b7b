/** What every driver promises, whatever it reads. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { openSensor } from '../../src/sensors/open.ts';
import { formatDecimal } from '../../src/stats/decimal.ts';
import { run } from '../harness.ts';
import { answer, closedPort, serve } from '../http/server.ts';
import { readOnce, sensorIo, tree } from './sensor-io.ts';

interface Source {
  readonly address: string;
  readonly env?: Record<string, string>;
}

interface Contract {
  readonly good: () => Promise<Source>;
  readonly value: string;
  /** The default name in reading lines. */
  readonly name: string;
  /** Something is there, and it is no number; undefined where that cannot be. */
  readonly junk?: () => Promise<Source>;
  /** Nothing is there. */
  readonly gone?: () => Promise<Source>;
  readonly malformed: readonly string[];
}

async function file(content: string): Promise<Source> {
  return { address: `file:${await tree({ 'attic.temp': content })}/attic.temp` };
}

async function sysfs(address: string, files: Record<string, string>): Promise<Source> {
  return { address, env: { ETL_SYSFS: await tree(files) } };
}

const contracts: Record<string, Contract> = {
  sim: {
    good: async () => ({ address: 'sim:attic?swing=0&noise=0&mean=21.5' }),
    value: '21.50',
    name: 'attic',
    malformed: ['sim:attic?colour=red', 'sim:?noise=-1', 'sim:?mean=warm', 'sim:%'],
  },
  file: {
    good: () => file('21.50\n'),
    value: '21.50',
    name: 'attic',
    junk: () => file('ERR\n'),
    gone: async () => ({ address: 'file:/nonexistent/attic' }),
    malformed: ['file:', 'file://elsewhere/attic'],
  },
  hwmon: {
    good: () =>
      sysfs('hwmon:', {
        'class/hwmon/hwmon0/name': 'k10temp\n',
        'class/hwmon/hwmon0/temp1_input': '21500\n',
      }),
    value: '21.500',
    name: 'k10temp',
    junk: () => sysfs('hwmon:', { 'class/hwmon/hwmon0/temp1_input': 'ERR\n' }),
    gone: () => sysfs('hwmon:', {}),
    malformed: [],
  },
  thermal: {
    good: () =>
      sysfs('thermal:', {
        'class/thermal/thermal_zone0/type': 'cpu-thermal\n',
        'class/thermal/thermal_zone0/temp': '21500\n',
      }),
    value: '21.500',
    name: 'cpu-thermal',
    junk: () => sysfs('thermal:', { 'class/thermal/thermal_zone0/temp': '21.5 C\n' }),
    gone: () => sysfs('thermal:', { 'class/thermal/cooling_device0/type': 'fan\n' }),
    malformed: [],
  },
  w1: {
    good: () => sysfs('w1:', { 'bus/w1/devices/28-0000/temperature': '21500\n' }),
    value: '21.500',
    name: '28-0000',
    junk: () => sysfs('w1:', { 'bus/w1/devices/28-0000/temperature': 'ERR\n' }),
    gone: () => sysfs('w1:', { 'bus/w1/devices/w1_bus_master1/name': '' }),
    malformed: [],
  },
  http: {
    good: async () => ({ address: `${await answer('{"temp":21.50}')}#/temp` }),
    value: '21.50',
    name: '127.0.0.1',
    junk: async () => ({ address: `${await answer('<html>')}#/temp` }),
    gone: async () => ({ address: `http://127.0.0.1:${await closedPort()}/#/temp` }),
    malformed: [
      'http://',
      'http:///',
      'http://host/#temp',
      'http://host/#/~2',
      'http://host/#/%zz',
      'https://:80',
    ],
  },
  exec: {
    good: async () => ({ address: 'exec:echo "temp=21.50\'C"' }),
    value: '21.50',
    name: 'exec',
    junk: async () => ({ address: 'exec:echo ERR' }),
    gone: async () => ({ address: 'exec:exit 3' }),
    malformed: ['exec:', 'exec: '],
  },
  replay: {
    good: async () => ({
      address: `replay:${await tree({ log: '2026-11-21T10:00:00Z,attic,21.50\n' })}/log`,
    }),
    value: '21.50',
    name: 'attic',
    junk: async () => ({ address: `replay:${await tree({ log: 'ERR\n' })}/log` }),
    gone: async () => ({ address: 'replay:/nonexistent/log' }),
    malformed: ['replay:'],
  },
};

for (const [kind, { good, value, name, junk, gone, malformed }] of Object.entries(contracts)) {
  describe(`the contract of ${kind}:`, () => {
    it('reads a good value with all its digits', async () => {
      const { address, env } = await good();
      const sensor = await openSensor(address, sensorIo(env));
      const measurement = await readOnce(sensor);
      expect(measurement && formatDecimal(measurement.value)).toBe(value);
      expect(measurement?.sensor ?? sensor.name).toBe(name);
    });

    it('reads again', async () => {
      const { address, env } = await good();
      const sensor = await openSensor(address, sensorIo(env));
      const twice = [await readOnce(sensor), await readOnce(sensor)];
      const ends = kind === 'replay' ? undefined : value;
      expect(twice.map((measurement) => measurement && formatDecimal(measurement.value))).toEqual([
        value,
        ends,
      ]);
    });

    it('prints one line and nothing else', async () => {
      const { address, env = {} } = await good();
      const { stdout, stderr, status } = await run('get-temp', [address], { env });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(stdout).toMatch(new RegExp(`^20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z,${name},${value}\n$`));
    });

    it('reads nothing once it is aborted', async () => {
      const { address, env } = await good();
      const sensor = await openSensor(address, sensorIo(env));
      const signal = AbortSignal.abort(new Error('SIGTERM'));
      await expect(sensor.read({ signal, now: Date.now })).rejects.toThrow('SIGTERM');
    });

    for (const [what, source] of Object.entries({ junk, gone })) {
      if (source === undefined) continue;
      it(`gives no reading when it is ${what}: nothing on stdout, 69 or 75`, async () => {
        const { address, env = {} } = await source();
        const { stdout, stderr, status } = await run('get-temp', [address], { env });
        expect(stdout).toBe('');
        expect(stderr).toMatch(kind === 'replay' ? /^get-temp: /m : /^get-temp: [^\n]+\n$/);
        expect([69, 75]).toContain(status);
      });
    }

    it.each(malformed)('calls %s a usage error', async (address) => {
      await expect(openSensor(address, sensorIo())).rejects.toMatchObject({ status: status.usage });
    });
  });
}

describe('a source that hangs', () => {
  const hanging: Record<string, () => Promise<Source>> = {
    'http before the headers': async () => ({ address: await serve(() => {}) }),
    'http in the body': async () => ({
      address: await serve((_, response) => {
        response.writeHead(200);
        response.write('21.');
      }),
    }),
    exec: async () => ({ address: 'exec:echo 21.5; sleep 300' }),
  };

  for (const [kind, source] of Object.entries(hanging)) {
    it(`ends at once when it is aborted: ${kind}`, async () => {
      const { address, env } = await source();
      const sensor = await openSensor(address, sensorIo(env));
      const stop = new AbortController();
      const reading = sensor.read({ signal: stop.signal, now: Date.now });
      // Once the request is under way; the outcome is the same earlier.
      setTimeout(() => stop.abort(new Error('SIGTERM')), 100);
      const late = sleep(20_000, 'late', { ref: false });
      await expect(Promise.race([reading, late])).rejects.toThrow('SIGTERM');
    });

    it(`is no reading after --timeout: ${kind}`, async () => {
      const { address, env = {} } = await source();
      const { stdout, stderr, status } = await run('get-temp', [address, '--timeout', '300ms'], { env });
      expect({ stdout, status }).toEqual({ stdout: '', status: 75 });
      expect(stderr).toMatch(/^get-temp: .*: no reading within 0.3 s\n$/);
    });
  }
});
