/**
 * run-tasks that is killed again and again, whatever it is doing: resumed each time, it does each task until that has succeeded once,
 * and never again; no two tries of a task are at work at once, none is left behind, and each has its log.
 */

import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { logPath, type RunPlace } from '../../src/ledger/log-path.ts';
import { readDatabase } from '../database.ts';
import { ended, privateFolder, root, start, until } from '../harness.ts';
import { killAll, killNow, processesWith } from '../processes.ts';
import { seeded } from '../random.ts';
import { killableGraph } from '../schedule/graph/killable.ts';
import { rounds } from '../thorough.ts';

const KILLS = rounds(50);

const GRAPHS = [
  {
    name: 'a diamond whose tasks take their time',
    text: killableGraph(),
    tasks: ['first', 'left', 'right', 'count[0]', 'count[1]', 'count[2]', 'last'],
    // Until run-tasks is killed, from its start, or from its first try.
    longestMs: 1000,
    // All this has happened.
    ends: ['success', 'failed', 'failed: lost'],
  },
  {
    name: 'scripts/diamond.yaml',
    text: readFileSync(join(root, 'scripts/diamond.yaml'), 'utf8'),
    tasks: ['runme_0', 'runme_1', 'runme_2', 'run_after_loop', 'also_run_this', 'run_this_last'],
    longestMs: 500,
    ends: ['success'],
  },
];

it.each(GRAPHS)('$name: each task is done once, however often run-tasks is killed', async (graph) => {
  const { cwd, mark, runs } = await killed(graph);
  expect(linesOf(join(cwd, 'overlaps')), 'tries of one task at once').toEqual([]);
  expect(processesWith(mark)).toEqual([]);
  const { run, tries } = ledgerOf(cwd);
  expect(run.map(({ state }) => state)).toEqual(Array.from({ length: runs }, () => 'success'));
  for (const one of run) {
    const own = tries.filter((row) => row.run === one.run);
    expectOnce(own, graph.tasks);
    for (const { task, number } of own)
      expect(existsSync(logPath(join(cwd, 'logs'), one, task, number)), `${task} ${number}`).toBe(true);
  }
  const ends = new Set(tries.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`)));
  for (const end of graph.ends) expect(ends).toContain(end);
});

/** Runs it again and again, and each run until it is done. @returns how many runs there were */
async function killed({ text, longestMs }: (typeof GRAPHS)[number]) {
  const random = seeded(18);
  const cwd = await privateFolder();
  const mark = `RUN_TASKS_TEST=${cwd}`;
  onTestFinished(() => killAll(mark));
  await writeFile(join(cwd, 'diamond.yaml'), text);
  const begin = (words: readonly string[]) =>
    start('run-tasks', [...words, 'diamond.yaml'], { cwd, env: { RUN_TASKS_TEST: cwd } });
  let runs = 0;
  for (let kills = 0; kills < KILLS || runs === 0; runs++)
    for (let hasRun = false; ; hasRun ||= ledgerOf(cwd).run.length > runs) {
      const before = ledgerOf(cwd).tries.length;
      const child = begin(hasRun ? ['--resume', 'last'] : []);
      let isOver = false;
      const end = ended(child).finally(() => {
        isOver = true;
      });
      if (random() < 0.6) await until(() => isOver || ledgerOf(cwd).tries.length > before, 'a try begins');
      await Promise.race([end, sleep(random() * longestMs)]);
      if (!isOver && kills < KILLS) {
        kills++;
        killNow(child.pid ?? 0);
      }
      const { status, signal, stderr } = await end;
      if (signal === 'SIGKILL') continue;
      // It may have been killed when all was done.
      expect(['', 'run-tasks: diamond: everything in that run has succeeded\n']).toContain(stderr);
      expect(status).toBe(0);
      break;
    }
  return { cwd, mark, runs };
}

/** Each task and item has succeeded in its last try, and in no other. */
function expectOnce(tries: readonly TryRow[], names: readonly string[]): void {
  for (const name of names) {
    const states = tries.filter(({ task }) => task === name).map(({ state }) => state);
    expect(states.at(-1), name).toBe('success');
    expect(states.slice(0, -1), name).not.toContain('success');
  }
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

interface TryRow {
  readonly run: number;
  readonly task: string;
  readonly number: number;
  readonly state: string;
  readonly reason: string | null;
}

interface Written {
  readonly run: readonly (RunPlace & { readonly state: string })[];
  readonly tries: readonly TryRow[];
}

/** What was written down, if anything. */
function ledgerOf(cwd: string): Written {
  const path = join(cwd, 'runs.db');
  if (!existsSync(path)) return { run: [], tries: [] };
  return readDatabase(path, (database) => {
    const tables = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'try'`).all();
    if (tables.length === 0) return { run: [], tries: [] };
    return {
      run: database.prepare('SELECT * FROM run ORDER BY run').all(),
      tries: database.prepare('SELECT * FROM try ORDER BY run, task, number').all(),
    };
  });
}
