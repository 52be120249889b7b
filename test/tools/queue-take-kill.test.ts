/**
 * Producers and takers at work on one queue, while the takers and their commands are killed all the time.
 */

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ended, start } from '../harness.ts';
import { type Found, killAll, killNow, processesWith } from '../processes.ts';
import { seeded } from '../random.ts';
import { rounds, sized } from '../thorough.ts';
import { good, queueFolder } from './queue-tools.ts';

const PRODUCERS = 4;
const TAKERS = 4;
const KEYS = 5;
const MESSAGES = sized(600, rounds(8000));
/** Between two kills, at most. A quick machine is through with few messages in a second. */
const PAUSE_MS = sized(250, 500);

/**
 * Holds a lock for each of its messages as long as it lives, and notes when another process has one of them. Then it writes
 * down what it got, all at once.
 */
const WORKER = `
  use Fcntl ':flock';
  my ($text, @held);
  while (<STDIN>) {
    my ($key, $number) = split;
    open my $lock, '>>', "locks/$key-$number" or die;
    push @held, $lock;
    next if flock $lock, LOCK_EX | LOCK_NB;
    open my $double, '>>', 'double'; print $double $_; close $double;
  } continue { $text .= $_ }
  select undef, undef, undef, rand() < 0.2 ? 0.5 : rand 0.02;
  open my $log, '>>', 'log'; syswrite $log, $text;
  select undef, undef, undef, rand 0.01;
`;

/** The messages of a producer: the n-th of each key, and some without a key. */
function lines(producer: number, hasKeys: boolean): string {
  return Array.from({ length: MESSAGES }, (_, at) => {
    const key = hasKeys ? `p${producer}k${at % KEYS}` : `none${producer}`;
    const line = `${key} ${hasKeys ? Math.floor(at / KEYS) : at}\n`;
    return hasKeys ? `${key}:${line}` : line;
  }).join('');
}

it(`loses none of ${PRODUCERS * MESSAGES} messages, has none twice at once, and keeps keys in order`, async () => {
  const { cwd, tool, stat } = await queueFolder();
  mkdirSync(join(cwd, 'locks'));
  const mark = `QUEUE_KILL_TEST=${cwd}`;
  const env = { QUEUE_KILL_TEST: cwd };
  onTestFinished(() => killAll(mark));
  const random = seeded(15);
  const words = ['q', '--batch', '50', '--linger', '20ms', '--retries', '100000', '--exit-when-empty'];
  const take = async () => {
    const child = start('queue-take', [...words, '--', 'perl', '-e', WORKER], { cwd, env });
    const end = await ended(child);
    if (end.signal === null && end.status !== 0) appendFileSync(join(cwd, 'failed'), JSON.stringify(end));
    return end.status === 0;
  };
  const puts = Array.from({ length: PRODUCERS }, (_, at) => {
    const hasKeys = at < PRODUCERS - 1;
    const options = hasKeys ? ['--key-separator', ':'] : [];
    return tool('queue-put', ['q', '--batch', '100', ...options], { stdin: lines(at, hasKeys) });
  });
  let isPut = false;
  let kills = 0;
  const loop = async () => {
    for (;;) {
      const mayBeLast = isPut;
      if ((await take()) && mayBeLast) return;
    }
  };
  let left = TAKERS;
  const takers = Array.from({ length: TAKERS }, () => loop().finally(() => left--));
  const killing = (async () => {
    while (left > 0) {
      await sleep(random() * PAUSE_MS);
      const found = processesWith(mark);
      const tools = found.filter(({ command }) => command.includes('queue-take'));
      const commands = found.filter(({ command }) => command.startsWith('perl'));
      const anyOf = (some: readonly Found[]) => some[Math.floor(random() * some.length)]?.pid;
      const command = anyOf(commands);
      const dice = random();
      if (dice < 0.1) for (const { pid } of found) killNow(pid);
      // A command alone is killed seldom: each time its batch waits for longer.
      else if (dice < 0.2) kill(command);
      else if (dice < 0.4) kill(anyOf(tools));
      else kill(tools.find(({ pid }) => command !== undefined && pid === parentOf(command))?.pid);
      kills++;
    }
  })();
  for (const put of puts) expect(await put).toEqual(good());
  isPut = true;
  await Promise.all([...takers, killing]);
  await take();
  expect(kills).toBeGreaterThan(sized(5, 20));
  expect(existsSync(join(cwd, 'double'))).toBe(false);
  expect(existsSync(join(cwd, 'failed')) ? readFileSync(join(cwd, 'failed'), 'utf8') : '').toBe('');
  expectAll(readFileSync(join(cwd, 'log'), 'utf8'));
  expect(await stat()).toMatchObject([
    { ready: 0, leased: 0, delayed: 0, dead: 0, end: PRODUCERS * MESSAGES },
  ]);
  expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
});

function kill(pid: number | undefined): void {
  if (pid !== undefined) killNow(pid);
}

/** The process that has started another, or that it was left to; undefined when that is gone. */
function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')')).split(' ')[2]);
  } catch {
    return undefined;
  }
}

/** Every message is in the log, and those with keys in order: a batch may come again, but nothing is left out in between. */
function expectAll(log: string): void {
  const seen = new Set<string>();
  const next = new Map<string, number>();
  for (const line of log.trimEnd().split('\n')) {
    seen.add(line);
    const [key = '', number] = line.split(' ');
    const before = next.get(key) ?? 0;
    if (!key.startsWith('none')) expect(Number(number), line).toBeLessThanOrEqual(before);
    next.set(key, Math.max(before, Number(number) + 1));
  }
  expect(seen.size).toBe(PRODUCERS * MESSAGES);
}
