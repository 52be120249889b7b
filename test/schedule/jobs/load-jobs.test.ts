import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { status } from '../../../src/failure.ts';
import { jobFiles, jobLoader, jobsVersion, loadJobs } from '../../../src/schedule/jobs/load-jobs.ts';

const messagesOf = (problems: readonly Error[]) => problems.map(({ message }) => message);

const TASKS = 'tasks: {a: {run: x}}\n';
const noStdin = { stdin: Readable.from([]) };

/** A folder with these files. @returns the path of one of them */
function folderOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'load-jobs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return (name: string) => join(folder, name);
}

it('takes crontabs, graphs, and the graphs of folders', async () => {
  const at = folderOf({
    ...{ crontab: '* * * * * get-temp\n', 'one.YML': `schedule: "@daily"\n${TASKS}`, 'graphs/b.yaml': TASKS },
    ...{ 'graphs/a.yml': TASKS, 'graphs/.a.yaml': '!', 'graphs/readme.md': '!', 'graphs/inner/c.yaml': '!' },
  });
  const operands = [at('crontab'), at('one.YML'), at('graphs')];
  const { jobs, problems, files, name } = await loadJobs(operands, noStdin, { retries: 2, overlap: 'wait' });
  expect(problems).toEqual([]);
  expect(name).toBe(operands.join(', '));
  expect(files.map(({ file }) => file)).toEqual([
    at('crontab'),
    at('one.YML'),
    at('graphs/a.yml'),
    at('graphs/b.yaml'),
  ]);
  expect(jobs.map((job) => [job.name, job.schedule, job.when.kind, job.command])).toEqual([
    ['get-temp', '* * * * *', 'minutes', 'get-temp'],
    ['one', '@daily', 'minutes', `run-tasks ${at('one.YML')}`],
    ['a', '', 'never', `run-tasks ${at('graphs/a.yml')}`],
    ['b', '', 'never', `run-tasks ${at('graphs/b.yaml')}`],
  ]);
  expect(jobs.map(({ policies: { retries, overlap } }) => [retries, overlap])).toEqual([
    [2, 'wait'],
    ...Array(3).fill([0, 'wait']),
  ]);
  expect(jobs[2]?.graph?.tasks.get('a')?.policies.retries).toBe(2);
});

it('takes a file that is named twice once', () => {
  const at = folderOf({ 'graphs/a.yaml': TASKS });
  expect(jobFiles(['-', at('graphs'), '-', at('graphs/../graphs/a.yaml')])).toEqual([
    '-',
    at('graphs/a.yaml'),
  ]);
});

it('tells all that is wrong in all files, with names that are there twice', async () => {
  const at = folderOf({
    ...{ crontab: '61 * * * * x\n#: name=b\n* * * * * x\n* * * * * y\n', other: '* * * * * y\n' },
    ...{ 'g/a.yaml': 'taks: {}\n', 'g/b.yaml': TASKS, 'g/c.yaml': `# c\ndag: b\n${TASKS}` },
  });
  const { problems } = await loadJobs([at('crontab'), at('g'), at('other')], noStdin, {});
  expect(messagesOf(problems)).toEqual([
    `${at('crontab')}:1:1: minute: 61 is not from 0 to 59`,
    `${at('g/a.yaml')}:1:1: unknown key "taks"; did you mean "tasks"?`,
    `${at('g/a.yaml')}:1:1: expected tasks: at least one task`,
    `${at('g/b.yaml')}:1:1: the job at ${at('crontab')}:3 is also named "b"`,
    `${at('g/c.yaml')}:2:1: the job at ${at('crontab')}:3 is also named "b"`,
    `${at('other')}:1:1: the job at ${at('crontab')}:4 is also named "y"`,
  ]);
});

it('tells of a name that is twice in one crontab once', async () => {
  const at = folderOf({ crontab: '#: name=a\n* * * * * x\n#: name=a\n* * * * * y\n' });
  const { problems } = await loadJobs([at('crontab')], noStdin, {});
  expect(messagesOf(problems)).toEqual([`${at('crontab')}:3:4: the job on line 2 is also named "a"`]);
});

it('reads stdin once, and files again', async () => {
  const at = folderOf({ 'a.yaml': TASKS });
  const stdin = Readable.from([Buffer.from('* * * * * x\n')]);
  const load = jobLoader(['-', at('a.yaml')], { stdin }, {});
  expect((await load()).jobs.map(({ name, place }) => [name, place.file])).toEqual([
    ['x', 'stdin'],
    ['a', at('a.yaml')],
  ]);
  await expect(load()).rejects.toMatchObject({ status: status.usage });
});

it('tells of files that are not there, and what is wrong in the others', async () => {
  const at = folderOf({ crontab: '61 * * * * x\n', 'a.yaml': 'taks: {}\n' });
  const operands = ['none', 'a.yaml', 'none.yaml', 'crontab'].map(at);
  const { problems } = await loadJobs(operands, noStdin, {});
  expect(problems.map((problem) => [problem.status, problem.message])).toEqual([
    [status.noInput, `${at('none')}: no such file or directory`],
    [status.noInput, `${at('none.yaml')}: no such file or directory`],
    [status.config, `${at('a.yaml')}:1:1: unknown key "taks"; did you mean "tasks"?`],
    [status.config, `${at('a.yaml')}:1:1: expected tasks: at least one task`],
    [status.config, `${at('crontab')}:1:1: minute: 61 is not from 0 to 59`],
  ]);
});

it('has another version after a change of a file, when a folder has another graph, and when one is missing', () => {
  const at = folderOf({ crontab: '', 'g/a.yaml': TASKS });
  const operands = [at('crontab'), at('g')];
  const versions = [jobsVersion(operands)];
  for (const [name, text] of [
    ['crontab', '\n'],
    ['g/a.yaml', `${TASKS}\n`],
    ['g/b.yaml', TASKS],
  ] as const) {
    writeFileSync(at(name), text);
    versions.push(jobsVersion(operands));
  }
  rmSync(at('g/a.yaml'));
  versions.push(jobsVersion(operands));
  expect(new Set(versions).size).toBe(5);
  writeFileSync(at('g/readme'), '');
  expect(jobsVersion(operands)).toBe(versions.at(-1));
  // To read them again says what is missing, and the others have versions all the same.
  rmSync(at('g'), { recursive: true });
  versions.push(jobsVersion(operands));
  writeFileSync(at('crontab'), '\n\n');
  versions.push(jobsVersion(operands));
  expect(new Set(versions).size).toBe(7);
});
