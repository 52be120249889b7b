import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tasksIn } from '../graph-runs.ts';
import { ended, shell, until } from '../harness.ts';
import { processesWith } from '../processes.ts';

describe('run-tasks --output passthrough', () => {
  const TASKS = `
tasks:
  first: {run: 'echo one; until [ -e gone ]; do sleep 0.02; done; echo two; sleep 0.2; echo three'}
  then: {needs: [first], run: 'echo four; touch did; exit 3'}
`;

  it('goes on when nobody takes what tasks print, and ends as they did', async () => {
    const { cwd, states, lines } = await tasksIn(TASKS);
    const command =
      '{ run-tasks --output passthrough some.yaml; echo $? >status; } | { head -1; exec <&-; touch gone; }';
    expect(await shell(command, { cwd, env: { TASKS_TEST: cwd } })).toMatchObject({
      ...{ stdout: 'one\n', stderr: 'run-tasks: then: exit status 3 (see runs logs 1 --task then)\n' },
    });
    await until(() => lines('status').length === 1, 'its end');
    expect(lines('status')).toEqual(['3']);
    expect(states()).toBe('first success 1, then failed 1');
  });

  it('goes on when the disk takes no more, which it tells in the end', async () => {
    const { cwd, file, states } = await tasksIn(TASKS.replace('exit 3', 'true'));
    const command = 'touch gone; run-tasks --output passthrough some.yaml >/dev/full';
    const { status, stderr } = await shell(command, { cwd, env: { TASKS_TEST: cwd } });
    expect([status, stderr]).toEqual([74, 'run-tasks: write error: no space left on device\n']);
    expect(existsSync(file('did'))).toBe(true);
    expect(states()).toBe('first success 1, then success 1');
  });
});

it('a signal ends run-tasks while a task looks for its items', async () => {
  const { begin, states, runs, mark } = await tasksIn(`
tasks:
  make: {run: 'mkdir d{1..50}'}
  split: {needs: [make], each: {glob: '*/../*/../*/../*/../*/../*/../*/../*'}, run: 'true'}
  last: {needs: [split], trigger-rule: all_done, run: 'true'}
`);
  const child = begin();
  const end = ended(child);
  await until(() => processesWith(mark).some(({ command }) => command.includes('globstar')), 'bash');
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ signal: 'SIGTERM' });
  expect(processesWith(mark)).toEqual([]);
  expect(states()).toBe('make success 1, split skipped: stopped 0, last skipped: stopped 0');
  expect(runs()).toEqual(['manual failed: stopped null']);
});

it('says in words that an item is too long for a variable', async () => {
  const { go, file, log } = await tasksIn("tasks: {split: {each: {lines: list}, run: 'true'}}");
  writeFileSync(file('list'), 'x'.repeat(200_000));
  expect((await go()).status).toBe(126);
  expect(log('split')).toContain('# failed: bash: argument list or environment too long');
});
