/**
 * `sim:[NAME][?seed=TEXT&mean=15&swing=10&noise=0.5]`: a simulated sensor.
 *
 * Its value is a pure function of seed (default: NAME) and time: warm afternoons in UTC, warm summers, and smooth
 * noise; always within mean ± (swing + noise), with two decimals. Uses only arithmetic that IEEE 754 defines exactly,
 * so results are the same on every machine.
 */

import { type Address, malformed } from '../addresses/parse.ts';
import { formatDecimal, parseDecimal } from '../stats/decimal.ts';
import type { Measurement, Sensor } from './sensor.ts';

const EXPECTED = 'sim:[NAME][?seed=TEXT&mean=15&swing=10&noise=0.5]';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.2425 * DAY;
/** A quarter period before the warmest moment: 15:00 UTC, and late July. */
const MORNING = 9 / 24;
const SPRING = 0.3;

interface Climate {
  readonly seed: number;
  readonly mean: number;
  readonly swing: number;
  readonly noise: number;
}

export default function openSim(address: Address): Sensor {
  const { name, climate } = parse(address);
  const at = (time: number): Measurement => ({
    value: { units: BigInt(Math.round(celsius(time, climate) * 100)), scale: 2 },
    time,
  });
  return {
    name,
    unit: 'C',
    async read({ now, signal }) {
      signal.throwIfAborted();
      return at(now());
    },
    at,
  };
}

function parse(address: Address): { name: string; climate: Climate } {
  const [path = '', ...rest] = address.rest.split('?');
  const settings = new URLSearchParams(rest.join('?'));
  const known = new Set(['seed', 'mean', 'swing', 'noise']);
  if (![...settings.keys()].every((key) => known.has(key))) throw malformed(address, EXPECTED);
  const name = decode(path, address) || 'sim';
  const number = (key: string, otherwise: number, least: number) => {
    const text = settings.get(key);
    const value = parseDecimal(text ?? String(otherwise));
    const result = value === undefined ? Number.NaN : Number(formatDecimal(value));
    if (!(result >= least && result <= 10_000)) throw malformed(address, EXPECTED);
    return result;
  };
  return {
    name,
    climate: {
      seed: hashText(settings.get('seed') ?? name),
      mean: number('mean', 15, -10_000),
      swing: number('swing', 10, 0),
      noise: number('noise', 0.5, 0),
    },
  };
}

function decode(path: string, address: Address): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw malformed(address, EXPECTED);
  }
}

function celsius(time: number, { seed, mean, swing, noise }: Climate): number {
  const day = wave(time / DAY - MORNING);
  const year = wave(time / YEAR - SPRING);
  const jitter = 0.75 * smoothNoise(seed, time / HOUR) + 0.25 * smoothNoise(~seed, time / MINUTE);
  return mean + swing * (0.4 * day + 0.6 * year) + noise * jitter;
}

/** Bhaskara's approximation of the sine, of an angle in turns: Math.sin may differ between machines. */
function wave(turns: number): number {
  const half = 2 * (turns - Math.floor(turns));
  const along = half % 1;
  const arch = along * (1 - along);
  return ((half < 1 ? 16 : -16) * arch) / (5 - 4 * arch);
}

/** -1 to 1: a hash at each integer, with smooth interpolation. */
function smoothNoise(seed: number, position: number): number {
  const whole = Math.floor(position);
  const part = position - whole;
  const before = noiseAt(seed, whole);
  return before + (noiseAt(seed, whole + 1) - before) * part * part * (3 - 2 * part);
}

/** -1 to 1, by the final mix of MurmurHash3. */
function noiseAt(seed: number, whole: number): number {
  let hash = Math.imul(seed ^ Math.imul(whole, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 31 - 1;
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
