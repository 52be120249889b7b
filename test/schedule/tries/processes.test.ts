import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { environmentOf } from '../../../src/schedule/tries/processes.ts';
import { privateFolder } from '../../harness.ts';

it('the environment of a process is seen also while it becomes another program', async () => {
  const script = join(await privateFolder(), 'again');
  writeFileSync(script, 'exec sh "$0"\n');
  const child = spawn('sh', [script], { env: { ...process.env, MARK: '17' }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const looks = Array.from({ length: 1000 }, () => environmentOf(child.pid ?? 0).includes('MARK=17'));
  expect(looks.filter((isSeen) => !isSeen)).toEqual([]);
});
