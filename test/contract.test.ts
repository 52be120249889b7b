/** What every tool keeps to, whatever it does. A new tool is one more entry in `tool-contracts.ts`. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as idle } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bin, type Ended, ended, privateFolder, root, run, shell, start, until } from './harness.ts';
import {
  expectEndWithFullPipe,
  expectEndWithSlowReader,
  expectFoundAnywhere,
  expectLastLine,
  folderOf,
  plentyCommand,
  printed,
  quoted,
} from './tool-checks.ts';
import { contracts } from './tool-contracts.ts';

/** Of what is the same for all tools these stand for the others: one that reads stdin, and one that does not. */
const examples = contracts.filter(({ tool }) => tool === 'buffer-tail' || tool === 'get-temp');

describe.each(contracts)('$tool', (contract) => {
  const { tool, words, input = '', output, plenty, endless, isSilent } = contract;
  const reads = contract.input !== undefined;
  const refused = (status: number, message: string): Ended => ({
    status,
    signal: null,
    stdout: '',
    stderr: `${tool}: ${message}\n`,
  });

  it('shows its help on one screen', async () => {
    for (const word of ['--help', '-h']) {
      const { stdout, ...rest } = await run(tool, [word]);
      expect(rest).toEqual({ status: 0, signal: null, stderr: '' });
      const lines = stdout.split('\n');
      expect(lines[0]).toMatch(new RegExp(`^Usage: ${tool} \\[OPTION\\]\\.\\.\\.`));
      expect(lines.length).toBeLessThanOrEqual(41);
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      expect(stdout.endsWith('\n')).toBe(true);
    }
  });

  it('shows the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await run(tool, ['--version'])).toEqual(printed(`${version}\n`));
  });

  it('shows them also where they cannot be written, as a failure', async () => {
    expect(await shell(`${tool} --help > /dev/full`)).toEqual(
      refused(74, 'write error: no space left on device'),
    );
  });

  it.each(['--no-such', '-X'])('refuses %s before it does anything', async (option) => {
    const cwd = await privateFolder();
    const name = option.replace(/^--?/, '');
    expect(await run(tool, [option, 'x'], { cwd, stdin: input })).toEqual(
      refused(64, `unknown option: ${name} (see ${tool} --help)`),
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  if (contract.surplus)
    it('refuses a surplus operand', async () => {
      const cwd = await privateFolder();
      const last = contract.surplus?.at(-1);
      expect(await run(tool, contract.surplus ?? [], { cwd, stdin: input })).toEqual(
        refused(64, `unexpected operand: "${last}" (see ${tool} --help)`),
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
      expect(status).toBe(tool === 'get-temp' ? 69 : 66);
    });

  it('writes to a full disk with one line and 74', async () => {
    const cwd = await folderOf(contract);
    const command = `${tool} ${quoted(words)} > /dev/full`;
    expect(await shell(command, { cwd, stdin: input })).toEqual(
      isSilent ? printed('') : refused(74, 'write error: no space left on device'),
    );
  });

  it('fails when it prints to a closed stdout, with one line and 74', async () => {
    const cwd = await folderOf(contract);
    expect(await shell(`${tool} ${quoted(words)} >&-`, { cwd, stdin: input })).toEqual(
      isSilent ? printed('') : refused(74, 'write error: bad file descriptor'),
    );
  });

  if (reads)
    it('takes a closed stdin for no empty input, but for no input (66)', async () => {
      const cwd = await privateFolder();
      expect(await shell(`${tool} ${quoted(words)} <&-`, { cwd })).toEqual(
        refused(66, 'stdin: bad file descriptor'),
      );
    });

  if (reads)
    it('may read from /dev/null and print there, whichever way it was opened', async () => {
      const command = `${tool} ${quoted(words)}`;
      const each = (redirections: string) => `${command} 2>&1 ${redirections}; echo $?`;
      const { stdout } = await shell(
        `${each('</dev/null >/dev/null')}; ${each('0<>/dev/null 1<>/dev/null')}`,
        {
          cwd: await privateFolder(),
        },
      );
      const { status, stderr } = await run(tool, words, { cwd: await privateFolder() });
      expect(stdout).toBe(`${stderr}${status}\n`.repeat(2));
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

  if (plenty)
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

  if (plenty)
    it.each([
      ['TERM', '/dev/null'],
      ['INT', 'output'],
      ['HUP', '/dev/null'],
    ])('ends by SIG%s while it is busy, with stdout to %s', async (signal, stdout) => {
      const cwd = await folderOf(contract);
      const source = plenty.awk === '' ? '' : `awk -v n=1000000000 '${plenty.awk}' | `;
      // If it did not end, timeout would kill it after some time, and end with 137.
      const limit = `timeout --preserve-status -k 20 -s ${signal} 0.3`;
      const { stdout: ends } = await shell(
        `${source}${limit} ${tool} ${quoted(plenty.busy ?? plenty.words)} > ${stdout}; echo \${PIPESTATUS[*]}`,
        { cwd },
      );
      expect(ends.trim().split(' ').at(-1)).toBe({ TERM: '143', INT: '130', HUP: '129' }[signal]);
      const written = stdout === 'output' ? readFileSync(join(cwd, stdout), 'latin1') : '';
      expect(written === '' || written.endsWith('\n')).toBe(true);
    });

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

      it('is closed', async () => {
        const cwd = await privateFolder();
        expect((await shell(`${tool} ${quoted(words)} <&-`, { cwd })).stdout).toBe('');
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
          refused(66, 'stdin: is a directory'),
        );
      });

      // README: "Bounded memory, whatever the number of lines: one summary per sensor and window (with
      // `--live`, per open window); quantiles add a count per distinct value."
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

describe.each(examples)('$tool', (contract) => {
  it('ends by SIGTERM also while the reader of a pipe does not read', () => expectEndWithFullPipe(contract));

  it('ends by SIGTERM also while its reader does not read', () => expectEndWithSlowReader(contract));

  it('is found by path, on PATH, through links, from anywhere, and under the environment of cron', () =>
    expectFoundAnywhere(contract));
});

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
