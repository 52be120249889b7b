/**
 * The contract that all tools get from `src/cli` and their launchers, which are the same for each: `contract.test.ts` checks it
 * with a few tools, `integration/contract.test.ts` with all.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from './harness.ts';
import {
  expectEndBySignal,
  expectEndWithFullPipe,
  expectEndWithSlowReader,
  expectFoundAnywhere,
  folderOf,
  plentyCommand,
  printed,
  quoted,
  refused,
} from './tool-checks.ts';
import type { Contract } from './tool-contracts.ts';

export function launchContract(contracts: readonly Contract[]): void {
  describe.each(contracts)('$tool', (contract) => {
    const { tool, words, input = '', plenty, isSilent } = contract;

    it('shows the version of the package', async () => {
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      for (const word of ['--version', '-V', '--vers'])
        expect(await run(tool, [word])).toEqual(printed(`${version}\n`));
    });

    it('shows its help for -h, too; also where it cannot be written, as a failure', async () => {
      expect(await run(tool, ['-h'])).toEqual(await run(tool, ['--help']));
      expect(await shell(`${tool} --help > /dev/full`)).toEqual(
        refused(tool, 74, 'write error: no space left on device'),
      );
    });

    it('refuses -X before it does anything', async () => {
      const cwd = await privateFolder();
      expect(await run(tool, ['-X', 'x'], { cwd, stdin: input })).toEqual(
        refused(tool, 64, `unknown option: -X (see ${tool} --help)`),
      );
      expect(readdirSync(cwd)).toEqual([]);
    });

    it('fails when it prints to a closed stdout, with one line and 74', async () => {
      const cwd = await folderOf(contract);
      expect(await shell(`${tool} ${quoted(words)} >&-`, { cwd, stdin: input })).toEqual(
        isSilent ? printed('') : refused(tool, 74, 'write error: bad file descriptor'),
      );
    });

    if (contract.input !== undefined)
      it('may read from /dev/null and print there, whichever way it was opened', async () => {
        const command = `${tool} ${quoted(words)}`;
        const each = (redirections: string) => `${command} 2>&1 ${redirections}; echo $?`;
        const { stdout } = await shell(
          `${each('</dev/null >/dev/null')}; ${each('0<>/dev/null 1<>/dev/null')}`,
          { cwd: await privateFolder() },
        );
        const { status, stderr } = await run(tool, words, { cwd: await privateFolder() });
        expect(stdout).toBe(`${stderr}${status}\n`.repeat(2));
      });

    if (plenty) {
      it('gives a slow reader, a quick one and a file the same', async () => {
        const cwd = await folderOf(contract);
        const command = await plentyCommand(contract, cwd);
        const { stdout, stderr } = await shell(
          `${command} | (sleep 0.3; md5sum); ${command} | md5sum; ${command} > output; md5sum < output`,
          { cwd },
        );
        const sums = stdout.trimEnd().split('\n');
        expect([sums.length, new Set(sums).size, stderr]).toEqual([3, 1, '']);
      });

      it.each([
        ['INT', 'output'],
        ['HUP', '/dev/null'],
      ] as const)('ends by SIG%s while it is busy, with stdout to %s', (signal, stdout) =>
        expectEndBySignal(contract, signal, stdout),
      );

      it('ends by SIGTERM also while the reader of a pipe does not read', () =>
        expectEndWithFullPipe(contract));

      it('ends by SIGTERM also while its reader does not read', () => expectEndWithSlowReader(contract));
    }

    it('is found by path, on PATH, through links, from anywhere, and under the environment of cron', () =>
      expectFoundAnywhere(contract));
  });
}
