import { existsSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ended, run, until } from '../harness.ts';
import { killNow } from '../processes.ts';
import { scheduled, states, stop } from '../scheduled.ts';

const GRAPH = `
dag: etl
schedule: "0 0 29 2 *"
env: {STATION: attic}
defaults: {retries: 1, retry-delay: 0s}
tasks:
  extract: {run: 'echo "extract $STATION" >> done'}
  load: {needs: [extract], run: 'touch begun-$ETL_TRY; until [ -e go ]; do sleep 0.05; done; echo load >> done'}
  report: {needs: [load], trigger-rule: all_done, run: 'echo report >> done'}
`;

/** A schedule of one graph, of which a run is in its second task. */
async function begun() {
  const made = await scheduled('');
  const { cwd, begin, file } = made;
  writeFileSync(file('etl.yaml'), GRAPH);
  const schedule = begin(['etl.yaml', '--grace', '0s']);
  const ask = (...words: string[]) => run('runs', words, { cwd });
  await until(() => existsSync(file('runs.db')), 'the schedule works');
  expect(await ask('run', 'etl', '-e', 'STATION=roof')).toMatchObject({ status: 0, stdout: '1\n' });
  await until(() => existsSync(file('begun-1')), 'the second task is being done');
  return { ...made, schedule, ask };
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'a graph goes on after %s with what it had not done',
  async (name) => {
    const { schedule, begin, file, lines, rows } = await begun();
    const end = ended(schedule);
    if (name === 'SIGKILL') killNow(schedule.pid ?? 0);
    else schedule.kill(name);
    await end;
    const next = begin(['etl.yaml']);
    await until(() => existsSync(file('begun-2')), 'the second task is tried again');
    writeFileSync(file('go'), '');
    await until(() => states(rows(), 'etl').at(-1) === 'success', 'the run succeeds');
    expect(lines('done')).toEqual(['extract roof', 'load', 'report']);
    expect(rows()).toHaveLength(1);
    await stop(next);
  },
);

it('a run of a graph is stopped with all its tasks, and one task is retried with what follows it', async () => {
  const { schedule, ask, file, lines, rows } = await begun();
  expect((await ask('stop', '1')).status).toBe(0);
  await until(() => states(rows(), 'etl')[0] === 'failed: stopped', 'it is stopped');
  expect((await ask('show', '1')).stdout).toMatch(/^load +failed +stopped +1 .*\nreport +skipped +stopped/m);
  writeFileSync(file('go'), '');
  expect(await ask('retry', '1', '--task', 'load')).toMatchObject({ status: 0, stdout: '1\n', stderr: '' });
  await until(() => states(rows(), 'etl')[0] === 'success', 'it succeeds');
  expect(lines('done')).toEqual(['extract roof', 'load', 'report']);
  expect(await ask('retry', '1', '--task', 'lod')).toMatchObject({
    status: 66,
    stderr: 'runs: no such task: lod\n',
  });
  await stop(schedule);
});
