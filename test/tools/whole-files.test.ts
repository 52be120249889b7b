/** Files that tools read as a whole: when they have no end, and when they are pipes. */

import { expect, it } from 'vitest';
import { privateFolder, shell } from '../harness.ts';

/** As good as without an end; a tool that took all of it would still leave the machine alive. */
const ENDLESS = '<(head -c 200000000 /dev/zero)';

it.each([
  ['a crontab', 'schedule FILE', 16],
  ['a crontab to look at', 'schedule --test FILE', 16],
  ['a key', 'parse-log --redact hash --redact-key-file FILE </dev/null', 1],
  ['headers', 'get-events --header-file FILE http://127.0.0.1:1/', 1],
])('%s without an end is refused', async (_, command, most) => {
  const cwd = await privateFolder();
  const { status, stdout, stderr } = await shell(command.replace('FILE', ENDLESS), { cwd });
  expect([status, stdout]).toEqual([78, '']);
  expect(stderr).toMatch(new RegExp(`^[a-z-]+: /dev/fd/\\d+: larger than ${most} MiB\n$`));
});

it.each([
  ['a file of tasks', 'run-tasks /dev/zero'],
  ['one that a schedule has', 'ln -s /dev/zero a.yaml; schedule a.yaml'],
  ['secrets', 'echo > crontab; schedule --env-file /dev/zero crontab'],
])('%s that is no file is refused', async (_, command) => {
  const { status, stdout, stderr } = await shell(command, { cwd: await privateFolder() });
  expect([status, stdout]).toEqual([66, '']);
  expect(stderr).toMatch(/^[a-z-]+: [a-z/.]+: not a regular file\n$/m);
});

it.each([
  ['a crontab', "schedule --test <(echo '0 0 * * * true') | grep -c true", '1\n'],
  [
    'a key',
    `echo '1.2.3.4 - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1' |
       parse-log --redact hash --redact-key-file <(echo key) | grep -c 1.2.3.4 || true`,
    '0\n',
  ],
])('%s may come from a pipe', async (_, command, stdout) => {
  const ended = await shell(command, { cwd: await privateFolder() });
  expect(ended).toMatchObject({ status: 0, stdout, stderr: '' });
});
