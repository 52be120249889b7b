/**
 * With AIRFLOW_GRAPHS=yes: graphs with invented rules and results end on Airflow as they do here. They are the same in each
 * run, and such that the order in which tasks end changes nothing, which is another one there.
 */

import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TRIGGER_RULES } from '../../src/schedule/graph/graph.ts';
import { run } from '../harness.ts';
import { seeded } from '../random.ts';
import { airflowStates, type OracleTask } from '../schedule/graph/airflow-oracle.ts';
import { hasServer } from '../servers.ts';
import { type AirflowRuns, airflow, type States, statesIn, VERSIONS } from './airflow-folder.ts';

const GRAPHS = 20;
const TASKS = 9;
const ORDERS = 50;
const AT = '2026-01-01T00:00:00Z';
/** By how a task ends, how its command does. */
const STATUS = { success: 0, failed: 65, skipped: 99 } as const;

function pick<Value>(random: () => number, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}

function inventedTasks(random: () => number): OracleTask[] {
  const names = Array.from({ length: TASKS }, (_, at) => `t${at}`);
  return names.map((name, at) => ({
    name,
    needs: names.slice(0, at).filter(() => random() < 0.35),
    rule: pick(random, TRIGGER_RULES),
    outcome: pick(random, ['success', 'success', 'failed', 'skipped']),
  }));
}

/** Whether tasks end alike whichever ends first. */
function isSettled(tasks: readonly OracleTask[], random: () => number): boolean {
  const ends = Array.from({ length: ORDERS }, () =>
    JSON.stringify([...airflowStates(tasks, (running) => pick(random, running))].sort()),
  );
  return new Set(ends).size === 1;
}

/** By name, graphs in which each rule is somewhere. */
function inventedGraphs(): Map<string, string> {
  const random = seeded(18);
  const graphs = new Map<string, string>();
  while (graphs.size < GRAPHS) {
    const tasks = inventedTasks(random);
    const ends = new Set(airflowStates(tasks, ([first = '']) => first).values());
    if (ends.size < 3 || !isSettled(tasks, random)) continue;
    const name = `graph-${graphs.size}`;
    const lines = tasks.map(
      ({ name, needs, rule, outcome }) =>
        `  ${name}: {needs: [${needs.join(', ')}], trigger-rule: ${rule}, run: exit ${STATUS[outcome]}}\n`,
    );
    graphs.set(name, `dag: ${name}\ntasks:\n${lines.join('')}`);
  }
  return graphs;
}

const isAsked = process.env.AIRFLOW_GRAPHS === 'yes';
if (!isAsked) process.stderr.write('not tested: invented graphs on Airflow (AIRFLOW_GRAPHS=yes)\n');

describe.runIf(isAsked).each(VERSIONS)('%s', (version) => {
  describe.skipIf(!hasServer(version))('with invented graphs', () => {
    const folder = airflow(version);
    const graphs = inventedGraphs();
    const here = new Map<string, States>();
    let there: AirflowRuns | undefined;

    // A test, since it takes longer than a hook may.
    it('loads and runs them', async () => {
      for (const [name, text] of graphs) {
        const file = folder.file(`${name}.yaml`);
        await writeFile(file, text);
        const { stdout } = await run('run-tasks', ['--airflow', file]);
        await writeFile(folder.file('dags', `${name}.py`), stdout);
        await run('run-tasks', ['--ledger', folder.file(`${name}.db`), file], { cwd: folder.file() });
        here.set(name, statesIn(folder.file(`${name}.db`)));
      }
      there = await folder.runs(Object.fromEntries([...graphs.keys()].map((name) => [name, AT])), {});
      expect(there.errors).toEqual({});
    });

    it.each([...graphs.keys()])('ends each task as run-tasks does: %s', (name) => {
      expect(there?.runs[name]?.tasks, graphs.get(name)).toEqual(here.get(name));
    });
  });
});
