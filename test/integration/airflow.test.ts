/** Exported graphs on Airflow itself: they are loaded, and their tasks end as they do here. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../harness.ts';
import { hasServer } from '../servers.ts';
import { type AirflowRuns, airflow, type States, statesIn, VERSIONS } from './airflow-folder.ts';

/** The graphs that are run, by the names of their DAGs. */
const GRAPHS = {
  diamond: 'scripts/diamond.yaml',
  temperature: 'scripts/temperature.yaml',
  trial: 'test/data/airflow/trial.yaml',
};
/** A time at which all of them are due. */
const AT = '2026-01-01T23:00:00Z';

/** What the commands of the trial have written. */
async function written(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** How tasks end with run-tasks, and what they have written. */
async function runHere(folder: string) {
  const out = join(folder, 'here');
  await mkdir(out);
  const states: Record<string, States> = {};
  for (const [name, file] of Object.entries(GRAPHS)) {
    const ledger = join(folder, `${name}.db`);
    const env = { OUT: out, HOME: folder, ETL_HOME: join(folder, 'etl-here') };
    await run('run-tasks', ['--ledger', ledger, '--at', AT, join(root, file)], { env });
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
      for (const file of [...scripts.map((name) => `scripts/${name}`), GRAPHS.trial]) {
        const { stdout, stderr, status } = await run('run-tasks', ['--airflow', join(root, file)]);
        expect([stderr, status]).toEqual(['', 0]);
        await writeFile(folder.file('dags', `${file.replaceAll(/\W/g, '_')}.py`), stdout);
      }
      await mkdir(folder.file('out'));
      const times = Object.fromEntries(Object.keys(GRAPHS).map((name) => [name, AT]));
      there = await folder.runs(times, { OUT: folder.file('out') });
      here = await runHere(folder.file());
    });

    it('loads them all', () => {
      expect(there.errors).toEqual({});
    });

    it.each(Object.keys(GRAPHS))('ends each task of %s as run-tasks does', (name) => {
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
