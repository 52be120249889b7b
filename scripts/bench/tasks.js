/**
 * The overhead of run-tasks per task: the time of many no-op tasks, two at once, minus that of a single one; compared with
 * programs that record nothing.
 *
 * @import { Section, Settings } from './types.d.ts'
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, outputOf } from './measure.js';
import { MAX_TASK_BESIDE_BARE, MAX_TASK_BESIDE_PARALLEL } from './works.js';

const MANY = 100;
const AT_ONCE = 2;
const BARE = 'bare Node';
const OURS = 'run-tasks';
const PARALLEL = 'GNU parallel';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The command lines to run this many tasks. @type {Readonly<Record<string, (tasks: number) => string[]>>} */
const PROGRAMS = {
  [OURS]: (tasks) => [
    ...[here('../../bin/run-tasks'), '--jobs', `${AT_ONCE}`, '--ledger', 'tasks.db'],
    `${tasks}.yaml`,
  ],
  [BARE]: (tasks) => [process.execPath, here('tasks-bare.js'), `${tasks}`, `${AT_ONCE}`],
  [PARALLEL]: (tasks) => ['parallel', '--will-cite', `-j${AT_ONCE}`, '-a', `${tasks}.txt`, 'true'],
  xargs: (tasks) => ['xargs', '-a', `${tasks}.txt`, `-P${AT_ONCE}`, '-n1', 'bash', '-c', 'true'],
  make: (tasks) => ['make', '-s', `-j${AT_ONCE}`, '-f', `${tasks}.mk`],
};

/**
 * A section of the report: milliseconds per task.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function tasks({ folder: parent, runs }) {
  const folder = join(parent, 'tasks');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const count of [1, MANY]) writeInput(folder, count);
  const found = Object.entries(PROGRAMS).filter(
    ([name]) => name !== PARALLEL || /GNU parallel/.test(outputOf('parallel', ['--version'])),
  );
  const jobs = found.flatMap(([name, words]) =>
    [1, MANY].map((count) => ({ name, count, words: words(count), cwd: folder, peaks: false })),
  );
  const results = await interleave(jobs, Math.max(runs, 5));
  rmSync(folder, { recursive: true, force: true });
  const times = new Map(
    found.map(([name]) => {
      const [one = 0, many = 0] = results
        .filter(({ job }) => job.name === name)
        .map(({ seconds }) => seconds * 1000);
      return [name, { start: one, each: (many - one) / (MANY - 1) }];
    }),
  );
  return section(times);
}

/** @param {string} folder @param {number} count */
function writeInput(folder, count) {
  const names = Array.from({ length: count }, (_, at) => `t${at}`);
  /** @param {string} ending @param {string} text */
  const write = (ending, text) => writeFileSync(join(folder, `${count}.${ending}`), text);
  write('yaml', `tasks:\n${names.map((name) => `  ${name}: {run: 'true'}\n`).join('')}`);
  write('txt', `${names.join('\n')}\n`);
  // Not a simple command, so that make starts a shell for it, as the others do.
  write(
    'mk',
    `SHELL=/bin/bash\nall: ${names.join(' ')}\n.PHONY: ${names.join(' ')}\n${names.map((name) => `${name}:\n\t@true; :\n`).join('')}`,
  );
}

/** @param {ReadonlyMap<string, { readonly start: number, readonly each: number }>} times @returns {Section} */
function section(times) {
  /** @param {string} name */
  const each = (name) => times.get(name)?.each ?? Number.NaN;
  return {
    name: 'tasks',
    title: 'A graph of tasks that do nothing',
    size: `${MANY} tasks of \`true\`, ${AT_ONCE} at once; a task is what ${MANY} take less what one takes`,
    header: ['', 'a task, ms', 'the first one, ms'],
    rows: [...times].map(([name, { start, each: ms }]) => [name, ms.toFixed(2), start.toFixed(0)]),
    targets: [
      { what: `a task vs ${BARE}`, measured: each(OURS) / each(BARE), most: MAX_TASK_BESIDE_BARE },
      {
        ...{ what: `a task vs ${PARALLEL}`, measured: each(OURS) / each(PARALLEL) },
        most: MAX_TASK_BESIDE_PARALLEL,
      },
    ],
  };
}
