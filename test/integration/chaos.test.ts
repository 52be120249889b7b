/**
 * The short form of `npm run chaos`: two rounds of every attack, chosen by a seed. CHAOS_ROUNDS and CHAOS_SEED play others.
 *
 * An attack that does not hold yet stands in OPEN by its name, and moves to HOLDS once it does; a new one must stand in
 * one of them.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, root } from '../harness.ts';

const { CHAOS_ROUNDS = '2', CHAOS_SEED = '1' } = process.env;

type Attacks = Readonly<Record<string, readonly string[]>>;

const HOLDS: Attacks = {
  kill: [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
    'buffer-tail --rejects',
    'get-stats --rejects',
    'get-temp --rejects',
    'parse-log --rejects',
  ],
  'power cut': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
  ],
  'input/output error': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'plot-stats',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'serve-stats st.db',
    'serve-stats st.csv',
    'get-temp | buffer-tail',
    'log-gen | parse-log | load-rows',
  ],
  'interrupted call': [
    'log-gen --truth',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
  ],
  'short write': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'buffer-tail --rejects',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'Temperature_ETL.sh',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
  ],
  'disk full': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
    'buffer-tail --rejects',
    'get-stats --rejects',
    'get-temp --rejects',
    'parse-log --rejects',
  ],
  'two users': [
    'buffer-tail -n all',
    'buffer-tail --unique -n all',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'plot-stats',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'get-temp | buffer-tail',
  ],
  'full tmpfs': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'buffer-tail --rejects',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
  ],
  'file size limit': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'serve-stats st.csv',
    'Temperature_ETL.sh',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
    'buffer-tail --rejects',
  ],
  'others append': ['buffer-tail --rejects'],
  'many at once': [
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'load-stats to SQLite',
    'load-stats to CSV',
    'load-rows',
  ],
  'file removed': ['serve-stats st.csv', 'load-stats to CSV', 'buffer-tail -n 60', 'buffer-tail -n all'],
  'file moved away': ['serve-stats st.csv', 'load-stats to CSV', 'buffer-tail -n 60', 'buffer-tail -n all'],
  'file replaced': ['serve-stats st.csv', 'load-stats to CSV', 'buffer-tail -n 60', 'buffer-tail -n all'],
  'clock jumps': ['Temperature_ETL.sh', 'log-gen --rate', 'load-stats --spool'],
  'hostile server': ['get-temp http:'],
};

const OPEN: Attacks = {
  kill: ['load-stats --spool, server down', 'serve-stats st.db', 'Temperature_ETL.sh'],
  'power cut': [
    'buffer-tail --rejects',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'load-stats --spool, server down',
    'serve-stats st.db',
    'Temperature_ETL.sh',
  ],
  'input/output error': [
    'buffer-tail --rejects',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'get-stats --output',
    'load-rows --key to SQLite',
    'load-rows to SQLite',
    'Temperature_ETL.sh',
    'get-stats | load-stats',
  ],
  'interrupted call': [
    'buffer-tail -n 60',
    'buffer-tail -n all',
    'buffer-tail --overflow',
    'buffer-tail --unique -n all',
    'buffer-tail --rejects',
    'get-temp --rejects',
    'get-stats --rejects',
    'parse-log --rejects',
    'plot-stats',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'load-stats to SQLite',
    'load-stats to a new SQLite store',
    'load-stats to CSV',
    'load-stats --spool, server down',
    'load-stats --spool, server up again',
    'serve-stats st.db',
    'get-temp | buffer-tail',
    'get-stats | load-stats',
    'log-gen | parse-log | load-rows',
    'Temperature_ETL.sh',
  ],
  'short write': ['serve-stats st.db'],
  'disk full': ['serve-stats st.db', 'Temperature_ETL.sh'],
  'two users': [
    'buffer-tail -n 60',
    'buffer-tail --overflow',
    'buffer-tail --rejects',
    'get-stats --output',
    'plot-stats --svg',
    'plot-stats --png',
    'log-gen --truth',
    'load-stats to SQLite',
    'load-stats to CSV',
    'Temperature_ETL.sh',
  ],
  'full tmpfs': ['serve-stats st.db', 'Temperature_ETL.sh'],
  'file size limit': ['serve-stats st.db'],
  'others append': ['buffer-tail -n all', 'buffer-tail --unique', 'buffer-tail --overflow'],
  'file removed': ['serve-stats st.db', 'load-stats to SQLite', 'load-rows', 'parse-log --rejects'],
  'file removed without its log': ['serve-stats st.db', 'load-stats to SQLite', 'load-rows'],
  'file moved away': ['serve-stats st.db', 'load-stats to SQLite', 'load-rows', 'parse-log --rejects'],
  'file replaced': ['serve-stats st.db', 'load-stats to SQLite', 'load-rows', 'parse-log --rejects'],
  'readings of a wrong clock': ['buffer-tail --last', 'buffer-tail --last --overflow', 'get-stats --live'],
  'clock jumps': ['get-temp --every'],
  'hostile server': ['load-stats --spool'],
  'hostile client': ['serve-stats st.db', 'serve-stats st.csv'],
};

interface Result {
  readonly name: string;
  readonly rounds: number;
  readonly leftOut?: string;
  readonly findings: readonly { readonly kind: string; readonly where: string; readonly text: string }[];
}

function namesOf(attacks: Attacks): string[] {
  return Object.entries(attacks).flatMap(([family, subjects]) =>
    subjects.map((subject) => `${family}: ${subject}`),
  );
}

async function chaos(words: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'chaos.js'), ...words], { cwd: root });
  const { status, stdout, stderr } = await ended(child);
  return { status, stderr, lines: stdout.split('\n').slice(0, -1) };
}

async function play(names: readonly string[]): Promise<Result[]> {
  const { stderr, lines } = await chaos(['--json', '--most', CHAOS_ROUNDS, '--seed', CHAOS_SEED, ...names]);
  expect(stderr).toBe('');
  return lines.map((line): Result => JSON.parse(line));
}

describe('chaos', () => {
  it.each(Object.entries(HOLDS).filter(([, subjects]) => subjects.length > 0))(
    '%s: nothing is lost, doubled, torn or hung',
    async (family, subjects) => {
      const results = await play(namesOf({ [family]: subjects }));
      const leftOut = results.flatMap((result) => result.leftOut ?? []);
      for (const reason of new Set(leftOut)) process.stderr.write(`${family}: left out: ${reason}\n`);
      if (process.env.CI) expect(leftOut, 'nothing is left out in CI').toEqual([]);
      expect(results).toHaveLength(subjects.length);
      expect(
        results.flatMap(({ name, findings }) =>
          findings.map(({ kind, where, text }) => `${kind}: ${name}: ${where}: ${text}`),
        ),
      ).toEqual([]);
    },
  );

  it('finds what is lost and torn where the shell keeps a window', async () => {
    const { status, lines } = await chaos(['--json', 'control']);
    const kinds = lines.flatMap((line) => (JSON.parse(line) as Result).findings.map(({ kind }) => kind));
    expect([status, [...new Set(kinds)].sort()]).toEqual([1, ['lost', 'torn']]);
  });

  it('knows of every attack whether it holds', async () => {
    const { lines } = await chaos(['--list']);
    expect([...namesOf(HOLDS), ...namesOf(OPEN)].sort()).toEqual(lines.sort());
  });
});
