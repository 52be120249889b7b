/** More sensors than a table with slots has: what was collected before and after it does without them, and by threads. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SIZES } from '../../src/counting/count.ts';
import getStats from '../../src/tools/get-stats.ts';
import { runInProcess } from '../in-process.ts';

const SENSORS = 140_000;
const ROUNDS = 2;

/** Names in the order of their numbers; every seventh is too long for a slot. */
function nameOf(sensor: number): string {
  return `${String(sensor).padStart(6, '0')}${sensor % 7 === 0 ? '-a-name-that-is-longer-than-a-slot' : ''}`;
}

/** Every sensor once in each round, far apart from its neighbours by name. */
function lines(): string {
  let text = '';
  for (let at = 0; at < SENSORS * ROUNDS; at++) {
    const sensor = (at * 7919) % SENSORS;
    text += `${nameOf(sensor)},${sensor % 10}.${at < SENSORS ? 5 : 25}\n`;
  }
  return text;
}

function rows(): string {
  let text = 'sensor,window,start,end,count,min,max,avg\n';
  for (let sensor = 0; sensor < SENSORS; sensor++) {
    const whole = sensor % 10;
    text += `${nameOf(sensor)},all,,,2,${whole}.25,${whole}.5,${whole}.3750\n`;
  }
  return text;
}

afterEach(() => vi.restoreAllMocks());

describe('very many sensors', () => {
  const options = ['--sensor', '1', '--value', '2'];

  it('are counted one by one, also where they come through a pipe', async () => {
    const bytes = Buffer.from(lines());
    const middle = bytes.length >> 1;
    const pipe = [bytes.subarray(0, middle), bytes.subarray(middle)];
    const { stdout, status } = await runInProcess(getStats, options, { pipe });
    expect(status).toBe(0);
    expect(stdout === rows()).toBe(true);
  });

  it('are counted by threads, of which others than the first give up', async () => {
    vi.spyOn(SIZES, 'worth', 'get').mockReturnValue(0);
    vi.spyOn(SIZES, 'segment', 'get').mockReturnValue(1 << 18);
    const folder = mkdtempSync(join(tmpdir(), 'many-sensors-'));
    try {
      writeFileSync(join(folder, 'log'), lines());
      const words = [...options, '--threads', '2', join(folder, 'log')];
      const { stdout, status } = await runInProcess(getStats, words, {});
      expect(status).toBe(0);
      expect(stdout === rows()).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
