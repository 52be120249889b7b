/** What every tool keeps to, whatever it does. A new tool is one more entry in `tool-contracts.ts`. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as idle } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bin, ended, privateFolder, root, run, shell, start, until } from './harness.ts';
import { launchContract } from './launch-contract.ts';
import { expectEndBySignal, expectLastLine, folderOf, printed, quoted, refused } from './tool-checks.ts';
import { contracts } from './tool-contracts.ts';

/** Of what is the same for all tools these stand for the others: one that reads stdin, and one that does not. */
const EXAMPLES = new Set(['buffer-tail', 'get-temp']);

describe.each(contracts)('$tool', (contract) => {
  const { tool, words, input = '', output, plenty, endless, isSilent, noInput = 66 } = contract;
  const reads = contract.input !== undefined;

  it('shows its help on one screen', async () => {
    const { stdout, ...rest } = await run(tool, ['--help']);
    expect(rest).toEqual({ status: 0, signal: null, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^Usage: ${tool} \\[OPTION\\]\\.\\.\\.`));
    expect(lines.length).toBeLessThanOrEqual(41);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    // An option whose value has no name.
    expect(lines.filter((line) => /^ +(-., )?--[a-z-]+=VALUE /.test(line))).toEqual([]);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  it('refuses an unknown option before it does anything', async () => {
    const cwd = await privateFolder();
    expect(await run(tool, ['--no-such', 'x'], { cwd, stdin: input })).toEqual(
      refused(tool, 64, `unknown option: --no-such (see ${tool} --help)`),
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  if (contract.surplus)
    it('refuses a surplus operand', async () => {
      const cwd = await privateFolder();
      const last = contract.surplus?.at(-1);
      expect(await run(tool, contract.surplus ?? [], { cwd, stdin: input })).toEqual(
        refused(tool, 64, `unexpected operand: "${last}" (see ${tool} --help)`),
      );
      expect(readdirSync(cwd)).toEqual([]);
    });

  if (contract.missing)
    it('says which file is missing', async () => {
      const cwd = await privateFolder();
      const { status, stdout, stderr } = await run(tool, contract.missing ?? [], { cwd, stdin: input });
      expect([stdout, stderr]).toEqual([
        '',
        `${tool}: ${contract.missing?.at(-1)}: no such file or directory\n`,
      ]);
      expect(status).toBe(noInput);
    });

  it('writes to a full disk with one line and 74', async () => {
    const cwd = await folderOf(contract);
    const command = `${tool} ${quoted(words)} > /dev/full`;
    expect(await shell(command, { cwd, stdin: input })).toEqual(
      isSilent ? printed('') : refused(tool, 74, 'write error: no space left on device'),
    );
  });

  if (reads)
    it('takes a closed stdin for no empty input, but for no input', async () => {
      const cwd = await privateFolder();
      expect(await shell(`${tool} ${quoted(words)} <&-`, { cwd })).toEqual(
        refused(tool, noInput, 'stdin: bad file descriptor'),
      );
    });

  if (plenty)
    it('stops in peace when its reader has gone', async () => {
      const cwd = await folderOf(contract);
      const { words: some, awk, lines: count = 5000 } = plenty;
      const source = awk === '' ? '' : `awk -v n=${count} '${awk}' | `;
      const command = `${source}${tool} ${quoted(some)} | head -1; echo \${PIPESTATUS[*]}`;
      const { stdout, stderr } = await shell(command, { cwd });
      const lines = stdout.trimEnd().split('\n');
      expect([lines.length, stderr]).toEqual([2, '']);
      // What feeds it may be told by SIGPIPE that nobody reads.
      expect(lines[1]).toMatch(awk === '' ? /^0 0$/ : /^(0|2|141) 0 0$/);
    });

  if (plenty) it('ends by SIGTERM while it is busy', () => expectEndBySignal(contract, 'TERM', 'output'));

  if (endless)
    it('ends by SIGTERM while it runs, and has printed whole lines', async () => {
      const cwd = await folderOf(contract);
      const child = start(tool, endless.words, { cwd });
      const end = ended(child);
      let seen = 0;
      child.stdout?.on('data', (chunk: Buffer) => {
        seen += chunk.length;
      });
      child.stdin?.write(endless.input ?? '');
      const { file } = endless;
      await until(() => (file === undefined ? seen > 0 : existsSync(join(cwd, file))), 'it has begun');
      child.kill('SIGTERM');
      const { stdout, ...rest } = await end;
      expect(rest).toEqual({ status: null, signal: 'SIGTERM', stderr: '' });
      expect(stdout === '' || stdout.endsWith('\n')).toBe(true);
      expect(readdirSync(cwd)).toEqual(file === undefined ? [] : [file]);
    });

  if (contract.spellings.length > 0)
    it('reads its options in every way that GNU writes them', async () => {
      for (const [one, other] of contract.spellings) {
        const cwd = await folderOf(contract);
        const expected = await run(tool, one, { cwd, stdin: input });
        expect([expected.status, expected.stdout === '']).toEqual([0, false]);
        expect((await run(tool, other, { cwd, stdin: input })).stdout, other.join(' ')).toBe(expected.stdout);
      }
    });

  if (reads)
    describe('reads stdin that', () => {
      const print = async (stdin: string | Buffer) => run(tool, words, { cwd: await privateFolder(), stdin });

      it('is as it should be', async () => {
        expect(await print(input)).toEqual(printed(output));
      });

      it('is empty', async () => {
        for (const [some, status, stderr] of contract.empty ?? []) {
          const cwd = await privateFolder();
          const log = join(cwd, 'log');
          writeFileSync(log, input);
          expect(await run(tool, some, { cwd })).toEqual({ status, signal: null, stdout: '', stderr });
          expect(readFileSync(log, 'utf8')).toBe(input);
        }
      });

      it('has CRLF', async () => {
        expect(await print(input.replaceAll('\n', '\r\n'))).toEqual(printed(output));
      });

      it('begins with a BOM', async () => {
        expect(await print(`\ufeff${input}`)).toEqual(printed(output));
      });

      it('has no newline at its end', async () => {
        const { status, stdout } = await print(input.trimEnd());
        expect([status, stdout === '' || stdout.endsWith('\n')]).toEqual([0, true]);
        const lines = output.split('\n');
        // A last line that may be half of one is used, or is not there; nothing in between.
        const kept = [lines.join('\n'), `${lines.slice(0, -2).join('\n')}\n`];
        expect(kept).toContain(stdout);
      });

      it('comes byte by byte', async () => {
        const child = start(tool, words, { cwd: await privateFolder() });
        const end = ended(child);
        for (const byte of Buffer.from(input)) {
          child.stdin?.write(Buffer.of(byte));
          await idle();
        }
        child.stdin?.end();
        expect(await end).toEqual(printed(output));
      });

      it('is a file', async () => {
        const cwd = await privateFolder();
        writeFileSync(join(cwd, 'input'), input);
        expect(await shell(`${tool} ${quoted(words)} < input`, { cwd })).toEqual(printed(output));
      });

      it('is a folder', async () => {
        const cwd = await privateFolder();
        expect(await shell(`${tool} ${quoted(words)} < .`, { cwd })).toEqual(
          refused(tool, noInput, 'stdin: is a directory'),
        );
      });

      // README: "Bounded memory, whatever the number of lines: one summary per sensor and window (with
      // `--live`, per open window); quantiles add 8 to 32 bytes for each distinct value."
      if (contract.long) it('has many lines', () => expectLastLine(contract, 'few'));

      it('has lines that are very long, or no text', async () => {
        const [head = '', ...others] = input.split(/(?<=\n)/);
        const spoiled = [
          'x'.repeat(5_000_000),
          '2026-11-21T10:07:00Z,küche,\0',
          '2026-11-21T10:08:00Z,küche,\xff',
          '\0\0\0',
          '"',
        ];
        const all = Buffer.concat([
          Buffer.from(head),
          ...spoiled.map((line) => Buffer.from(`${line}\n`, 'latin1')),
          Buffer.from(others.join('')),
        ]);
        const cwd = await privateFolder();
        writeFileSync(join(cwd, 'input'), all);
        const { status, stdout, stderr } = await shell(`${tool} ${quoted(words)} < input`, { cwd });
        const expected = contract.spoiled?.(output, all.toString()) ?? '';
        expect([status, stdout.length]).toEqual([contract.spoiledStatus ?? 0, expected.length]);
        expect(stdout === expected).toBe(true);
        for (const line of stderr.split('\n')) expect(line === '' || line.startsWith(`${tool}: `)).toBe(true);
        expect(stderr.length).toBeLessThan(2000);
      });
    });
});

launchContract(contracts.filter(({ tool }) => EXAMPLES.has(tool)));

it('all launchers start their own tool in the same way', () => {
  const [tool = ''] = contracts.map(({ tool }) => tool);
  const launcher = readFileSync(join(bin, tool), 'utf8');
  for (const { tool: other } of contracts)
    expect(readFileSync(join(bin, other), 'utf8')).toBe(launcher.replace(`'${tool}'`, `'${other}'`));
});

it('knows every tool', () => {
  const tools = readdirSync(join(root, 'src', 'tools')).map((name) => basename(name, '.ts'));
  expect(contracts.map(({ tool }) => tool).sort()).toEqual(tools.sort());
});
