import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, shell } from '../harness.ts';

const SCRIPT = join(root, 'scripts', 'weblog_report.sh');
const WHOLE = join(root, 'test', 'data', 'access.log');
const sqlite3 = existsSync('/usr/bin/sqlite3');

const request = (time: string, path: string, status: number, agent = 'curl') =>
  `1.2.3.4 - - [21/Nov/2026:${time} +0000] "GET ${path} HTTP/1.1" ${status} 100 "-" "${agent}"\n`;

const LOG = [
  request('10:00:00', '/a', 200),
  request('10:20:00', '/a', 404, 'Mozilla (like \\"Gecko\\", more)'),
  request('10:59:59', '/b,"c"'.replaceAll('"', '\\"'), 500),
  request('11:00:00', '/a', 404),
  request('11:00:01', '/a', 404),
  request('11:30:00', '/x', 404),
].join('');

const REPORT = `Requests by the hour

hour                    requests      errors  errors%   bytes/request
2026-11-21T10:00:00Z           3           2     66.7           100.0
2026-11-21T11:00:00Z           3           3    100.0           100.0

Top paths

  requests    share  path
         4    66.7%  /a
         1    16.7%  /b,"c"
         1    16.7%  /x

Top agents

  requests    share  agent
         5    83.3%  curl
         1    16.7%  Mozilla (like "Gecko", more)

Slowest growth of 404s

first half      second      growth  path
         1           2          +1  /a
         0           1          +1  /x
`;

describe('weblog_report.sh', () => {
  it('prints the same tables from a log, from stdin and from a packed one', async () => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'a log'), LOG);
    for (const command of [`'${SCRIPT}' 'a log'`, `'${SCRIPT}' < 'a log'`, `gzip -c 'a log' | '${SCRIPT}'`])
      expect(await shell(command, { cwd })).toEqual({ status: 0, signal: null, stdout: REPORT, stderr: '' });
  });

  it.runIf(sqlite3)('prints the same tables from a database', async () => {
    const cwd = await privateFolder();
    const command = `parse-log | load-rows --to logs.db --table 'my "logs"' && ETL_TABLE='my "logs"' '${SCRIPT}' logs.db`;
    expect(await shell(command, { cwd, stdin: LOG })).toMatchObject({
      status: 0,
      stdout: REPORT,
      stderr: '',
    });
  });

  it('counts the requests of a whole log', async () => {
    const { stdout } = await shell(`ETL_TOP=3 '${SCRIPT}' '${WHOLE}'`);
    expect(stdout).toMatch(/^2026-11-21T09:00:00Z +6 +1 +16\.7 /m);
    expect(stdout).toMatch(/^ +2 +10\.0% {2}\/readings$/m);
    expect(stdout.match(/%/g)).toHaveLength(7);
  });

  it.each([
    ['a log that is not there', `'${SCRIPT}' nope`, 66],
    ['no requests', `'${SCRIPT}' < /dev/null`, 66],
    ['two logs', `'${SCRIPT}' a b`, 64],
    ['a wrong setting', `ETL_TOP=x '${SCRIPT}' a`, 64],
  ])('ends with the status of what is wrong: %s', async (_, command, expected) => {
    const { status, stdout, stderr } = await shell(command, { cwd: await privateFolder() });
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(/^(parse-log|weblog_report\.sh): .*\n$/m);
  });

  it('says which operand it did not expect, as the tools do', async () => {
    expect((await shell(`'${SCRIPT}' a 'b c'`)).stderr).toBe('weblog_report.sh: unexpected operand: "b c"\n');
  });

  it('says what is missing to read a database', async () => {
    const cwd = await privateFolder();
    const programs = ['bash', 'dirname', 'readlink', 'mktemp', 'rm', 'head', 'tr', 'env'];
    const links = programs.map((name) => `ln -s "$(command -v ${name})" tools/`).join('; ');
    const command = `parse-log | load-rows --to logs.db --table logs; mkdir tools; ${links}; PATH=$PWD/tools '${SCRIPT}' logs.db`;
    expect(await shell(command, { cwd, stdin: LOG })).toMatchObject({
      status: 69,
      stdout: '',
      stderr: 'weblog_report.sh: a database of this kind is read with sqlite3, which is not installed\n',
    });
  });
});
