/** Rounds of `kill -9` at random moments, with checks after each. */

import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Ended, ended, run, start } from '../harness.ts';
import { seeded } from '../random.ts';

const LINES = 5;
/** Long enough for the write of FILE to take time. */
const LENGTH = 20_000;
/** From before a process has read its first line until after its end. */
const LATEST_MS = 260;
/** From its first to after its last action in the folder. */
const BUSY_MS = 12;

interface Plan {
  readonly words: readonly string[];
  readonly seed: number;
  readonly rounds: number;
}

export async function killRounds(cwd: string, { words, seed, rounds }: Plan): Promise<void> {
  const random = seeded(seed);
  const acknowledged: string[] = [];
  const offered: string[] = [];
  const limit = words[1] === 'all' ? Number.POSITIVE_INFINITY : Number(words[1]);
  const read = (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : '');

  // As another program may have left it.
  writeFileSync(join(cwd, 'log'), 'half a li');
  for (let round = 0; round < rounds; round++) {
    const old = read('log');
    const before = linesOf(old);
    const lines = Array.from({ length: LINES }, (_, at) => `${round}.${at}.${'x'.repeat(LENGTH)}\n`);
    offered.push(...lines);
    // The first one is killed before it can have started.
    const latestMs = round === 0 ? 0 : LATEST_MS;
    const moment = round % 4 === 0 ? sleep(random() * latestMs) : afterFirstChange(cwd, random() * BUSY_MS);
    const ending = await killed(cwd, words, lines.join(''), moment);
    const after = read('log');
    const place = `seed ${seed}, round ${round}`;
    const next = [...before, ...lines].slice(-limit).join('');
    // An incomplete line of FILE stays until a process gets to change it. An append-only log may end in a new one.
    const grown =
      limit === Number.POSITIVE_INFINITY && next.startsWith(after) && after.length >= before.join('').length;
    const whole = after === old || after === next || grown;
    expect(whole, `${place}: FILE is the old window or the new one`).toBe(true);
    if (ending.status === 0) {
      acknowledged.push(...lines);
      expect(after === next, `${place}: FILE holds what was acknowledged`).toBe(true);
    } else {
      expect([ending.signal, ending.stderr], place).toEqual(['SIGKILL', '']);
    }
  }

  const last = 'last\n';
  const ending = await run('buffer-tail', [...words, '-q', '--wait', '5s', 'log'], { cwd, stdin: last });
  expect([ending.status, ending.stderr]).toEqual([0, '']);
  acknowledged.push(last);
  offered.push(last);
  const kept = linesOf(read('old') + read('log'));
  expect(new Set(kept).size, 'no line twice').toBe(kept.length);
  expect(
    offered.filter((line) => kept.includes(line)),
    'only lines that were given, in order',
  ).toEqual(kept);
  const all = words.includes('--overflow') || limit === Number.POSITIVE_INFINITY;
  if (all)
    expect(
      acknowledged.filter((line) => !kept.includes(line)),
      'no acknowledged line lost',
    ).toEqual([]);
  expect(existsSync(join(cwd, '.log.next'))).toBe(false);
  expect(existsSync(join(cwd, '.old.moving'))).toBe(false);
}

async function killed(
  cwd: string,
  words: readonly string[],
  lines: string,
  moment: Promise<unknown>,
): Promise<Ended> {
  // -q, because it would report the removal of an incomplete line.
  const child = start('buffer-tail', [...words, '-q', '--wait', '5s', 'log'], { cwd });
  const end = ended(child);
  child.stdin?.end(lines);
  await Promise.race([end, moment]);
  child.kill('SIGKILL');
  return end;
}

/** Waits for the first change in the folder, then for a delay with sub-millisecond precision. */
async function afterFirstChange(folder: string, delayMs: number): Promise<void> {
  const watcher = watch(folder);
  await Promise.race([once(watcher, 'change'), sleep(2000)]);
  watcher.close();
  const end = performance.now() + delayMs;
  while (performance.now() < end) await new Promise(setImmediate);
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line.endsWith('\n'));
}
