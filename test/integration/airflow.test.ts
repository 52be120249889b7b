/** Exported graphs on Airflow itself: they are loaded, and their tasks end as they do here. */

import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { type AirflowRuns, airflow, type States, statesIn, VERSIONS } from './airflow-folder.ts';

/** The graphs that are run; more are loaded. */
const NAMES = ['diamond', 'temperature', 'trial'];
/** A time at which all of them are due. */
const AT = '2026-01-01T23:00:00Z';

/** What the commands of the trial have written. */
async function written(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Copies a file of tasks, and what is called from it, into a folder of its own, where its tasks may leave files. @returns the copy */
async function copied(file: string, folder: string): Promise<string> {
  const home = join(folder, 'graphs', basename(file, '.yaml'));
  await mkdir(home, { recursive: true });
  for (const path of [file, 'test/data/airflow/hello.sh'])
    await copyFile(join(root, path), join(home, basename(path)));
  return join(home, basename(file));
}

/** How tasks end with run-tasks, and what they have written. @param graphs files by name */
async function runHere(graphs: ReadonlyMap<string, string>, folder: string) {
  const out = join(folder, 'here');
  await mkdir(out);
  const states: Record<string, States> = {};
  for (const name of NAMES) {
    const ledger = join(folder, `${name}.db`);
    await run('run-tasks', ['--ledger', ledger, '--at', AT, graphs.get(name) ?? ''], { env: { OUT: out } });
    states[name] = statesIn(ledger);
  }
  return { states, written: await written(out) };
}

describe.each(VERSIONS)('%s', (version) => {
  describe.skipIf(!hasServer(version))('with exported graphs', () => {
    const folder = airflow(version);
    let there: AirflowRuns;
    let here: Awaited<ReturnType<typeof runHere>>;

    beforeAll(async () => {
      const scripts = (await readdir(join(root, 'scripts'))).filter((name) => name.endsWith('.yaml'));
      const graphs = new Map<string, string>();
      for (const file of [...scripts.map((name) => `scripts/${name}`), 'test/data/airflow/trial.yaml']) {
        const copy = await copied(file, folder.file());
        const { stdout, stderr, status } = await run('run-tasks', ['--airflow', copy]);
        expect([stderr, status]).toEqual(['', 0]);
        graphs.set(basename(file, '.yaml'), copy);
        await writeFile(folder.file('dags', `${basename(file, '.yaml')}.py`), stdout);
      }
      await mkdir(folder.file('out'));
      const times = Object.fromEntries(NAMES.map((name) => [name, AT]));
      there = await folder.runs(times, { OUT: folder.file('out') });
      here = await runHere(graphs, folder.file());
    });

    it('loads them all', () => {
      expect(there.errors).toEqual({});
    });

    it.each(NAMES)('ends each task of %s as run-tasks does', (name) => {
      expect(there.runs[name]?.tasks).toEqual(here.states[name]);
      expect(Object.keys(here.states[name] ?? {}).length).toBeGreaterThan(2);
    });

    it('gives commands what run-tasks gives them, and tries them as often', async () => {
      expect(await written(folder.file('out'))).toEqual(here.written);
      expect(here.written).toMatchObject({
        times: `2026-01-01T17:00:00Z ${AT} ${AT} since=\n`,
        'tries-of-75': '1\n2\n3\n',
        'tries-of-65': '1\n',
      });
    });

    it('judges a run by its last tasks, as the file says', () => {
      expect([there.runs.trial?.state, there.runs.diamond?.state]).toEqual(['success', 'success']);
    });
  });
});
