/** Checks of one tool, for `contract.test.ts`, and slower ones for `launch-contract.ts` and `integration/contract.test.ts`. */

import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { bin, type Ended, privateFolder, run, shell, start } from './harness.ts';
import type { Contract } from './tool-contracts.ts';

/** The successful end of a program with this output. */
export const printed = (stdout: string): Ended => ({ status: 0, signal: null, stdout, stderr: '' });

/** The end of a tool that failed, with one line. */
export const refused = (tool: string, status: number, message: string): Ended => ({
  ...{ status, signal: null, stdout: '', stderr: `${tool}: ${message}\n` },
});

/** Quotes arguments for a shell. */
export const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

/** A folder with the files that the tool's arguments name. */
export async function folderOf({ setUp }: Contract): Promise<string> {
  const cwd = await privateFolder();
  if (typeof setUp === 'string') await shell(setUp, { cwd });
  else await setUp?.(cwd);
  return cwd;
}

/** The tool with the arguments and the input of `plenty`, in a folder where that input was created. */
export async function plentyCommand({ tool, plenty }: Contract, cwd: string): Promise<string> {
  const { words = [], awk = '', lines = 5000 } = plenty ?? {};
  if (awk === '') return `${tool} ${quoted(words)}`;
  await shell(`awk -v n=${lines} '${awk}' > input`, { cwd });
  return `${tool} ${quoted(words)} < input`;
}

/** The last line of output is right even when memory is too small for the whole input. */
export async function expectLastLine({ tool, long }: Contract, size: 'few' | 'many'): Promise<void> {
  if (long === undefined) throw new Error(`${tool} reads no lines`);
  const { lines, last } = long[size];
  const command = `awk -v n=${lines} '${long.awk}' | NODE_OPTIONS=--max-old-space-size=48 ${tool} ${quoted(long.words)} | tail -1`;
  expect(await shell(command, { cwd: await privateFolder() })).toEqual(printed(`${last}\n`));
}

/** A signal ends it in the middle of its work, after whole lines. */
export async function expectEndBySignal(
  contract: Contract,
  signal: 'TERM' | 'INT' | 'HUP',
  stdout: 'output' | '/dev/null',
): Promise<void> {
  const { tool, plenty: { awk = '', busy, words = [] } = {} } = contract;
  const cwd = await folderOf(contract);
  const source = awk === '' ? '' : `awk -v n=1000000000 '${awk}' | `;
  // If it did not end, timeout would kill it after a while, with status 137.
  const limit = `timeout --preserve-status -k 20 -s ${signal} 0.3`;
  const { stdout: ends } = await shell(
    `${source}${limit} ${tool} ${quoted(busy ?? words)} > ${stdout}; echo \${PIPESTATUS[*]}`,
    { cwd },
  );
  expect(ends.trim().split(' ').at(-1)).toBe({ TERM: '143', INT: '130', HUP: '129' }[signal]);
  const written = stdout === 'output' ? readFileSync(join(cwd, stdout), 'latin1') : '';
  expect(written === '' || written.endsWith('\n')).toBe(true);
}

/** SIGTERM ends it while its stdout is a full named pipe without a reader. */
export async function expectEndWithFullPipe(contract: Contract): Promise<void> {
  const cwd = await folderOf(contract);
  const command = await plentyCommand(contract, cwd);
  const { stdout } = await shell(
    `mkfifo pipe; sleep 9 < pipe > /dev/null & ${command} > pipe & sleep 0.7; kill $!; wait $!; echo $?; kill %1`,
    { cwd },
  );
  expect(stdout).toBe('143\n');
}

/** SIGTERM ends it while its reader, after the first bytes, has stopped reading. */
export async function expectEndWithSlowReader(contract: Contract): Promise<void> {
  const { tool, plenty } = contract;
  const { words = [], awk = '', lines = 5000 } = plenty ?? {};
  const child = start(tool, words, { cwd: await folderOf(contract) });
  const gone = new Promise((resolve) => child.once('exit', (status, signal) => resolve([status, signal])));
  if (awk !== '') child.stdin?.end((await shell(`awk -v n=${12 * lines} '${awk}'`)).stdout);
  // The pipe is full soon after its first bytes, because nobody reads it.
  await new Promise((resolve) => child.stdout?.once('readable', resolve));
  child.kill('SIGTERM');
  expect(await gone).toEqual([null, 'SIGTERM']);
}

/** It starts by path, on PATH, through links, from another folder, and in cron's environment. */
export async function expectFoundAnywhere({ tool }: Contract): Promise<void> {
  const cwd = await privateFolder();
  const [links, work] = [join(cwd, 'links'), join(cwd, 'work')];
  for (const folder of [links, work]) mkdirSync(folder);
  symlinkSync(join(bin, tool), join(links, tool));
  symlinkSync(tool, join(links, 'link'));
  const version = (await run(tool, ['--version'])).stdout;
  const node = dirname(process.execPath);
  for (const command of [
    join(bin, tool),
    tool,
    `PATH=${links}:${node}:/usr/bin:/bin ${tool}`,
    '../links/link',
    `env -i PATH=/usr/bin:/bin:${node} ${join(links, 'link')}`,
    `env -i PATH=/usr/bin:/bin:${node} HOME=/nonexistent TZ=Asia/Tokyo LANG=tr_TR.UTF-8 ${join(bin, tool)}`,
  ])
    expect(await shell(`${command} --version`, { cwd: work })).toEqual(printed(version));
}
