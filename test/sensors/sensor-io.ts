/** The environment of a driver, in the test's own process. */

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { readFailure } from '../../src/failure.ts';
import { splitLines } from '../../src/lines/text-lines.ts';
import { openSensor } from '../../src/sensors/open.ts';
import type { Measurement, Sensor, SensorIo } from '../../src/sensors/sensor.ts';
import { formatDecimal } from '../../src/stats/decimal.ts';
import { privateFolder } from '../harness.ts';

export const NOW = Date.UTC(2026, 10, 21, 10, 4);

export function sensorIo(env: Record<string, string> = {}): SensorIo {
  const reject = () => {};
  return {
    env: { PATH: process.env.PATH, ...env },
    reject,
    async *lines(files) {
      for (const file of files) yield* splitLines(Readable.from([contentOf(file)]), file, reject);
    },
  };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw readFailure(file, error);
  }
}

/** A sensor that is closed after the test. */
export async function opened(address: string, env: Record<string, string> = {}): Promise<Sensor> {
  const sensor = await openSensor(address, sensorIo(env));
  onTestFinished(() => sensor.close?.());
  return sensor;
}

/** Takes a reading, as text in the sensor's unit. */
export async function readValue(address: string, env: Record<string, string> = {}): Promise<string> {
  const measurement = await readOnce(await opened(address, env));
  return measurement === undefined ? '' : formatDecimal(measurement.value);
}

export function readOnce(sensor: Sensor, maxAgeMs?: number): Promise<Measurement | undefined> {
  return sensor.read({ signal: new AbortController().signal, now: () => NOW, maxAgeMs });
}

/** A private folder with these files. */
export async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await privateFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
