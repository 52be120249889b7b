/** The image of the Dockerfile, where there are Docker and the image that it is made from. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../harness.ts';

const IMAGE = `etlutils-test-${process.pid}`;
const base = `node:${/^ARG NODE=(.*)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1]}`;

function docker(...words: string[]) {
  const { status, stdout, stderr, error } = spawnSync('docker', words, { cwd: root, encoding: 'utf8' });
  return { status, stdout: stdout?.trim(), stderr: stderr?.trim(), error };
}

/** Why the image cannot be made here. */
function whatIsMissing(): string | undefined {
  if (docker('version').error !== undefined) return 'Docker is not installed';
  if (docker('info', '--format', '{{.ServerVersion}}').status !== 0) return 'no Docker daemon answers';
  if (docker('image', 'inspect', base).status !== 0 && docker('pull', base).status !== 0)
    return `${base} cannot be pulled`;
  return undefined;
}

const missing = whatIsMissing();
if (missing !== undefined) process.stderr.write(`not tested: the Dockerfile, since ${missing}\n`);

/** As little as a container can be given. */
const LITTLE = [
  ...['--read-only', '--network', 'none'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
];

/** Runs a command in a container to its end. */
const contained = (...command: string[]) => docker('run', '--rm', ...LITTLE, IMAGE, ...command);

/** Starts a container that is looked at every second. */
function started(...command: string[]) {
  const { stdout: id, stderr } = docker('run', '-d', '--health-interval', '1s', ...LITTLE, IMAGE, ...command);
  expect(stderr).toBe('');
  onTestFinished(() => {
    docker('rm', '--force', '--volumes', id);
  });
  const state = (field: string) => docker('inspect', '--format', `{{.State.${field}}}`, id).stdout;
  return { id, state };
}

describe.skipIf(missing !== undefined)('the image', () => {
  beforeAll(() => {
    const { status, stderr } = docker('build', '--quiet', '--network', 'host', '--tag', IMAGE, '.');
    expect([status, stderr]).toEqual([0, expect.anything()]);
  });
  afterAll(() => {
    docker('image', 'rm', IMAGE);
  });

  it('runs any tool by its name, as a user without rights, on a root that cannot be written', () => {
    expect(contained('get-temp', '--version')).toMatchObject({ status: 0, stderr: '' });
    const pipeline = 'get-temp sim: | buffer-tail t.log | get-stats -w 1h | load-stats';
    const line = `id -u && ${pipeline} && plot-stats --png chart.png stats.db && ls *.png`;
    expect(contained('sh', '-c', line)).toMatchObject({ status: 0, stdout: '1000\nchart.png', stderr: '' });
    const writing = contained('sh', '-c', 'touch /opt/etlutils/dist/cache/x /x; ls -A /tmp');
    expect(writing).toMatchObject({ status: 0, stdout: '' });
    expect(writing.stderr.match(/Read-only file system/g)).toHaveLength(2);
  });

  it('has a queue take batches to a command, whose input is a temporary file', () => {
    const line = 'echo a | queue-put q.queue && queue-take --exit-when-empty q.queue -- cat';
    expect(contained('sh', '-c', line)).toMatchObject({ status: 0, stdout: 'a', stderr: '' });
  });

  it('serves the page, is found well, and ends when it is asked to', async () => {
    const { id, state } = started();
    await expect.poll(() => state('Health.Status')).toBe('healthy');
    const asked = "fetch('http://127.0.0.1:8080/').then((answer) => console.log(answer.status))";
    expect(docker('exec', id, 'node', '-e', asked).stdout).toBe('200');
    docker('stop', id);
    expect(state('ExitCode')).toBe('143');
  });

  it('is found well at another port', async () => {
    const { state } = started('serve-stats', '--port=8081');
    await expect.poll(() => state('Health.Status')).toBe('healthy');
  });

  it('is found unwell when the page does not answer', async () => {
    const { state } = started('sh', '-c', 'sleep 300; serve-stats');
    await expect.poll(() => state('Health.FailingStreak')).not.toBe('0');
  });

  it('is found well while it runs jobs', async () => {
    const command = 'echo "@every 1s true" >crontab; exec schedule --ledger runs.db crontab';
    const { id, state } = started('sh', '-c', command);
    await expect.poll(() => state('Health.Status')).toBe('healthy');
    docker('stop', id);
    expect(state('ExitCode')).toBe('143');
  });
});
