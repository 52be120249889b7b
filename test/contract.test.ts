/** What every tool keeps to, whatever it does: DESIGN, section 11. A new tool is one more entry of the table. */

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as idle } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bin, type Ended, ended, privateFolder, root, run, shell, start, until } from './harness.ts';

interface Contract {
  readonly tool: string;
  /** Words with which it does its usual work, from stdin if it reads any. */
  readonly words: readonly string[];
  /** Whole lines with names beyond ASCII, and what it prints for them; a tool that reads no stdin has no input. */
  readonly input?: string;
  readonly output: string;
  /** What it does on empty stdin, by its words. */
  readonly empty?: readonly (readonly [words: readonly string[], status: number, stderr: string])[];
  /** One operand too many, where there can be. */
  readonly surplus?: readonly string[];
  /** A file that is not there. */
  readonly missing?: readonly string[];
  /** Words that mean the same. */
  readonly spellings: readonly (readonly [one: readonly string[], other: readonly string[]])[];
  /** An awk program whose lines it turns into megabytes of output, with these words; where it ever prints so much. */
  readonly plenty?: { readonly words: readonly string[]; readonly awk: string };
  /** Words with which a million lines of this awk program, or so many, end in this last line. */
  readonly million?: {
    readonly words: readonly string[];
    readonly awk: string;
    readonly last: string;
    readonly count?: number;
  };
  /** Words with which it works on though its input does not end; it prints, or writes a file; without it nothing comes before the end. */
  readonly endless?: { readonly words: readonly string[]; readonly input?: string; readonly file?: string };
  /** What it prints of input in which some lines are spoiled. */
  readonly spoiled?: (good: string, all: string) => string;
}

const READINGS =
  '2026-11-21T10:04:00Z,küche,21.35\n2026-11-21T10:05:00Z,温度 🌡,-3.5\n2026-11-21T10:06:00Z,küche,21.37\n';
const STATS_HEADER = 'sensor,window,start,end,count,min,max,avg\n';
const STATS =
  `${STATS_HEADER}küche,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,21.35,21.37,21.3600\n` +
  '温度 🌡,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,1,-3.5,-3.5,-3.500\n';
const STATS_AWK = `BEGIN { print "${STATS_HEADER.trimEnd()}"; for (i = 1; i <= n; i++) print "s" i ",all,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z," i ",1,1,1.00" }`;
const READINGS_HEADER = 'time,sensor,value\n';
const ROWS_AWK =
  'BEGIN { print "time,sensor,value"; for (i = 1; i <= n; i++) print 1795255200 + i ",küche," i }';
const READINGS_AWK = 'BEGIN { for (i = 1; i <= n; i++) print 1795255200 + i ",küche," i }';
const LOG =
  '1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /küche HTTP/1.1" 200 5 "-" "x"\n' +
  '::1 - - [21/Nov/2026:10:05:00 +0200] "GET /温度 🌡 HTTP/1.1" 304 - "-" "x"\n';
const LOG_AWK =
  'BEGIN { for (i = 1; i <= n; i++) printf "1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] \\"GET /%d HTTP/1.1\\" 200 %d \\"-\\" \\"x\\"\\n", i, i }';

const table: readonly Contract[] = [
  {
    tool: 'buffer-tail',
    words: [],
    input: READINGS,
    output: READINGS,
    empty: [
      [[], 0, ''],
      [['log'], 66, 'buffer-tail: no complete line on stdin\n'],
    ],
    surplus: ['log', 'other'],
    missing: ['no/log'],
    spellings: [
      [['-n', '2'], ['-n2']],
      [['-n', '2'], ['-qn2']],
      [
        ['-n', '2'],
        ['--lines=2', '--quiet'],
      ],
      [
        ['-n', '2'],
        ['-n', '1', '--lines', '2'],
      ],
      [
        ['-u', '-n', '2'],
        ['-un2', '--', '-'],
      ],
    ],
    plenty: { words: ['-n', 'all'], awk: READINGS_AWK },
    million: { words: ['log'], awk: READINGS_AWK, last: '1796255200,küche,1000000' },
    endless: { words: ['log'], input: READINGS, file: 'log' },
    spoiled: (_, all) => all.replace(/^x+\n/m, ''),
  },
  {
    tool: 'get-stats',
    words: [],
    input: READINGS,
    output:
      STATS_HEADER +
      'küche,all,2026-11-21T10:04:00Z,2026-11-21T10:06:00Z,2,21.35,21.37,21.3600\n' +
      '温度 🌡,all,2026-11-21T10:05:00Z,2026-11-21T10:05:00Z,1,-3.5,-3.5,-3.500\n',
    empty: [[[], 0, '']],
    missing: ['no-such'],
    spellings: [
      [['-w', '1h'], ['-w1h']],
      [['-w', '1h'], ['-qw1h']],
      [
        ['-w', '1h'],
        ['--window=1h', '-q', '--', '-'],
      ],
      [
        ['--decimals', '3'],
        ['--decimals', '1', '--decimals=3'],
      ],
      [
        ['-d', ',', '-w', 'all'],
        ['-d,', '-wall'],
      ],
    ],
    plenty: { words: ['-w', '1s'], awk: READINGS_AWK },
    million: {
      words: ['-w', '1d'],
      awk: READINGS_AWK,
      last: 'küche,1d,2026-12-02T00:00:00Z,2026-12-03T00:00:00Z,85601,914400,1000000,957200.00',
    },
    endless: { words: ['--live', '-w', '1m'], input: READINGS },
    spoiled: (good) => good,
  },
  {
    tool: 'get-temp',
    words: [],
    output: '',
    surplus: ['sim:', 'sim:'],
    missing: ['file:no-such'],
    spellings: [],
    plenty: {
      words: ['--from', '2026-11-21T00:00:00Z', '--to', '2026-11-22T00:00:00Z', '--every', '1s'],
      awk: '',
    },
    endless: { words: ['--every', '10ms'] },
  },
  {
    tool: 'load-rows',
    words: ['--dry-run'],
    input: READINGS_HEADER + READINGS,
    output: READINGS_HEADER + READINGS,
    empty: [
      [['--dry-run'], 0, ''],
      [['--to', 'rows.db', '--table', 't'], 0, ''],
    ],
    missing: ['--to', 'rows.db', '--table', 't', 'no-such'],
    spellings: [
      [['--dry-run'], ['-q', '--dry-run', '--', '-']],
      [
        ['--dry-run', '-d', ';'],
        ['-d;', '--dry-run'],
      ],
    ],
    plenty: { words: ['--dry-run'], awk: ROWS_AWK },
    million: { words: ['--dry-run'], awk: ROWS_AWK, last: '1796255200,küche,1000000' },
    endless: { words: ['--dry-run', '--linger', '10ms'], input: READINGS_HEADER + READINGS },
    spoiled: (good) => good,
  },
  {
    tool: 'load-stats',
    words: ['--dry-run'],
    input: STATS,
    output: STATS,
    empty: [
      [['--dry-run'], 0, ''],
      [['--to', 'stats.csv'], 0, ''],
    ],
    missing: ['--to', 'stats.csv', 'no-such'],
    spellings: [
      [['--dry-run'], ['-q', '--dry-run', '--', '-']],
      [
        ['--dry-run', '--json'],
        ['-qv', '--json', '--dry-run'],
      ],
    ],
    plenty: { words: ['--dry-run'], awk: STATS_AWK },
    million: {
      words: ['--dry-run'],
      awk: STATS_AWK,
      last: 's200000,all,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,200000,1,1,1.00',
      // It takes its time for a row, and there are never so many.
      count: 200_000,
    },
    endless: { words: ['--dry-run'], input: STATS },
    spoiled: (good) => good,
  },
  {
    tool: 'plot-stats',
    words: ['--height', '3', '--width', '40'],
    input: STATS,
    output:
      'küche  1h\n' +
      'min 21.35  max 21.37  avg 21.3600\n' +
      'last 21.3600 °C\n' +
      '      │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n' +
      '21.36 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤\n' +
      '      │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n' +
      '      └┬───────┬───────┬───────┬───────┬\n' +
      '温度 🌡  1h\n' +
      'min -3.5  max -3.5  avg -3.500\n' +
      'last -3.500 °C\n' +
      '      │\n' +
      '-3.50 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤\n' +
      '      │\n' +
      '      └┬───────┬───────┬───────┬───────┬\n' +
      '     10:00   10:15   10:30   10:45 11:00\n' +
      '  2026-11-21\n' +
      '       ⠒⠒ average   ░░ min to max   times in UTC\n',
    empty: [[[], 66, 'plot-stats: no stats rows\n']],
    missing: ['no-such'],
    spellings: [
      [
        ['-w', '1h'],
        ['-qw1h', '-'],
      ],
      [
        ['--window=1h', '--width', '60'],
        ['--width', '70', '-w', '1h', '--width=60', '--', '-'],
      ],
    ],
    plenty: { words: [], awk: STATS_AWK },
    million: {
      words: [],
      awk: `BEGIN { print "${STATS_HEADER.trimEnd()}"; for (i = 1; i <= n; i++) print "s" i % 5 ",1m," 60 * i "," 60 * i + 60 ",6," i % 90 ",100,99" }`,
      last: '     ⠒⠒ average   ░░ min to max   times in UTC',
      // It takes its time for a row.
      count: 200_000,
    },
    spoiled: (good) => good,
  },
  {
    tool: 'parse-log',
    words: ['--fields', 'remote_addr,time,path,bytes'],
    input: LOG,
    output:
      'remote_addr,time,path,bytes\n' +
      '1.2.3.4,2026-11-21T10:04:00Z,/küche,5\n' +
      '::1,2026-11-21T10:05:00+02:00,/温度 🌡,\n',
    empty: [[[], 0, '']],
    missing: ['no-such'],
    spellings: [
      [['--json'], ['-q', '--json', '--', '-']],
      [['--tz', 'UTC'], ['--tz=Etc/UTC']],
      [[], ['--format', 'combined', '--format=auto']],
    ],
    plenty: { words: [], awk: LOG_AWK },
    million: { words: ['--fields', 'path,bytes'], awk: LOG_AWK, last: '/1000000,1000000' },
    endless: { words: [], input: LOG },
    spoiled: (good) => good,
  },
  {
    tool: 'serve-stats',
    words: ['--port', '0'],
    output: '',
    surplus: ['stats.db', 'other.db'],
    missing: ['--token-file', 'no-such'],
    spellings: [],
    endless: { words: ['--port', '0'] },
  },
  {
    tool: 'log-gen',
    words: [],
    output: '',
    spellings: [
      [
        ['-n', '3', '--seed', '1'],
        ['-qn3', '--seed=1'],
      ],
      [
        ['-n', '3', '--seed', '1'],
        ['--lines=5', '--seed', '2', '--lines', '3', '--seed', '1'],
      ],
    ],
    plenty: {
      words: ['-n', '50000', '--seed', '1', '--from', '2026-11-01T00:00:00Z', '--to', '2026-12-01T00:00:00Z'],
      awk: '',
    },
    endless: { words: ['--rate', '100'] },
  },
];

const printed = (stdout: string): Ended => ({ status: 0, signal: null, stdout, stderr: '' });

describe.each(table.filter(({ tool }) => existsSync(join(root, 'src', 'tools', `${tool}.ts`))))(
  '$tool',
  (contract) => {
    const { tool, words, input = '', output, plenty, endless } = contract;
    const reads = contract.input !== undefined;
    const quoted = (some: readonly string[]) => some.map((word) => `'${word}'`).join(' ');
    const source = (awk: string, count: number) => (awk === '' ? '' : `awk -v n=${count} '${awk}' | `);
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

    it.each(['--no-such', '-X', '-5', '--constructor'])(
      'refuses %s before it does anything',
      async (option) => {
        const cwd = await privateFolder();
        const name = option.replace(/^--?/, '');
        expect(await run(tool, [option, 'x'], { cwd, stdin: input })).toEqual(
          refused(64, `unknown option: ${name} (see ${tool} --help)`),
        );
        expect(readdirSync(cwd)).toEqual([]);
      },
    );

    if (contract.surplus)
      it('refuses one operand too many', async () => {
        const cwd = await privateFolder();
        const last = contract.surplus?.at(-1);
        expect(await run(tool, contract.surplus ?? [], { cwd, stdin: input })).toEqual(
          refused(64, `one operand too many: "${last}" (see ${tool} --help)`),
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
      const cwd = await privateFolder();
      const command = `${tool} ${quoted(words)} > /dev/full`;
      expect(await shell(command, { cwd, stdin: input })).toEqual(
        refused(74, 'write error: no space left on device'),
      );
    });

    if (plenty)
      it('stops in peace when its reader has gone', async () => {
        const cwd = await privateFolder();
        const command = `${source(plenty.awk, 60_000)}${tool} ${quoted(plenty.words)} | head -1; echo \${PIPESTATUS[*]}`;
        const { stdout, stderr } = await shell(command, { cwd });
        const lines = stdout.trimEnd().split('\n');
        expect([lines.length, stderr]).toEqual([2, '']);
        // What feeds it may be told by SIGPIPE that nobody reads.
        expect(lines[1]).toMatch(plenty.awk === '' ? /^0 0$/ : /^(0|2|141) 0 0$/);
      });

    if (plenty)
      it('gives a slow reader, a quick one and a file the same', async () => {
        const cwd = await privateFolder();
        if (plenty.awk !== '') await shell(`awk -v n=5000 '${plenty.awk}' > input`, { cwd });
        const command = `${tool} ${quoted(plenty.words)}${plenty.awk === '' ? '' : ' < input'}`;
        const { stdout, stderr } = await shell(
          `${command} | (sleep 0.5; md5sum); ${command} | md5sum; ${command} > output; md5sum < output`,
          { cwd },
        );
        const sums = stdout.trimEnd().split('\n');
        expect([sums.length, new Set(sums).size, stderr]).toEqual([3, 1, '']);
      });

    if (plenty)
      it('ends by SIGTERM also while the reader of a pipe does not read', async () => {
        const cwd = await privateFolder();
        if (plenty.awk !== '') await shell(`awk -v n=5000 '${plenty.awk}' > input`, { cwd });
        const command = `${tool} ${quoted(plenty.words)}${plenty.awk === '' ? '' : ' < input'}`;
        const { stdout } = await shell(
          `mkfifo pipe; sleep 9 < pipe > /dev/null & ${command} > pipe & sleep 0.7; kill $!; wait $!; echo $?; kill %1`,
          { cwd },
        );
        expect(stdout).toBe('143\n');
      });

    if (endless)
      it('ends by SIGTERM while it runs, and has printed whole lines', async () => {
        const cwd = await privateFolder();
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

    if (plenty)
      it('ends by SIGTERM also while its reader does not read', async () => {
        const cwd = await privateFolder();
        const child = start(tool, plenty.words, { cwd });
        const gone = new Promise((resolve) =>
          child.once('exit', (status, signal) => resolve([status, signal])),
        );
        if (plenty.awk !== '') child.stdin?.end((await shell(`awk -v n=60000 '${plenty.awk}'`)).stdout);
        // The pipe to here is full soon after its first bytes, since nobody takes them out.
        await new Promise((resolve) => child.stdout?.once('readable', resolve));
        child.kill('SIGTERM');
        expect(await gone).toEqual([null, 'SIGTERM']);
      });

    it('is found by path, on PATH, through links, from anywhere, and under the environment of cron', async () => {
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
    });

    if (contract.spellings.length > 0)
      it('reads its options in every way that GNU writes them', async () => {
        for (const [one, other] of contract.spellings) {
          const cwd = await privateFolder();
          const expected = await run(tool, one, { cwd, stdin: input });
          expect([expected.status, expected.stdout === '']).toEqual([0, false]);
          expect((await run(tool, other, { cwd, stdin: input })).stdout, other.join(' ')).toBe(
            expected.stdout,
          );
        }
      });

    if (reads)
      describe('reads stdin that', () => {
        const print = async (stdin: string | Buffer) =>
          run(tool, words, { cwd: await privateFolder(), stdin });

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

        if (contract.million)
          it('has a million lines, in little memory', async () => {
            const cwd = await privateFolder();
            const { words: some = [], awk = '', last, count = 1_000_000 } = contract.million ?? {};
            const command = `${source(awk, count)}NODE_OPTIONS=--max-old-space-size=48 ${tool} ${quoted(some)} | tail -1`;
            expect(await shell(command, { cwd })).toEqual(printed(`${last}\n`));
          });

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
          expect([status, stdout.length]).toEqual([0, expected.length]);
          expect(stdout === expected).toBe(true);
          for (const line of stderr.split('\n'))
            expect(line === '' || line.startsWith(`${tool}: `)).toBe(true);
          expect(stderr.length).toBeLessThan(2000);
        });
      });
  },
);

it('knows every tool', () => {
  const tools = readdirSync(join(root, 'src', 'tools')).map((name) => basename(name, '.ts'));
  expect(table.map(({ tool }) => tool)).toEqual(expect.arrayContaining(tools));
});
