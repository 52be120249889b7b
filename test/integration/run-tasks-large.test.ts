import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';
import { ended, until } from '../harness.ts';
import { sized } from '../thorough.ts';

const counts = 'SELECT state, count(*) AS count FROM task GROUP BY state ORDER BY state';

describe('a large graph', () => {
  it('of a fan runs each task once', async () => {
    const count = sized(50, 1000);
    const names = Array.from({ length: count }, (_, at) => `t${at}`);
    const middle = names.map((name) => `  ${name}: {needs: [first], run: 'echo ${name} >> did'}\n`).join('');
    const { begin, lines, query } = await tasksIn(
      `tasks:\n  first: {run: 'true'}\n${middle}  last: {needs: [${names.join(', ')}], run: 'echo last >> did'}\n`,
    );
    // A program of its own: it takes this large one long to start another.
    expect((await ended(begin(['--jobs', '4']))).status).toBe(0);
    expect(lines('did').at(-1)).toBe('last');
    expect(lines('did').slice(0, -1).sort()).toEqual(names.sort());
    expect(query(counts)).toEqual([{ state: 'success', count: count + 2 }]);
  });

  it('of a chain ends as soon as its first task has failed', async () => {
    const chain = Array.from({ length: 999 }, (_, at) => `  t${at + 1}: {needs: [t${at}], run: 'true'}\n`);
    const { go, query } = await tasksIn(`tasks:\n  t0: {run: 'false'}\n${chain.join('')}`);
    const { status, stderr } = await go();
    expect([status, stderr.match(/\n/g)]).toEqual([1, ['\n']]);
    expect(query(counts)).toEqual([
      { state: 'failed', count: 1 },
      { state: 'upstream_failed', count: 999 },
    ]);
  });
});

it('a file that changes while it runs changes nothing of the run', async () => {
  const { begin, write, lines, query, file } = await tasksIn(
    `tasks: {a: {run: 'touch begun; until [ -e go ]; do sleep 0.01; done'}, b: {needs: [a], run: 'echo old >> did'}}\n`,
  );
  const end = ended(begin());
  await until(() => existsSync(file('begun')), 'the first task');
  await write(`tasks: {a: {run: 'true'}, b: {needs: [a], run: 'echo new >> did'}}\n`);
  writeFileSync(file('go'), '');
  expect((await end).status).toBe(0);
  expect(lines('did')).toEqual(['old']);
  expect(query('SELECT text FROM graph JOIN run ON graph = hash')[0]?.text).toContain('echo old');
});
