/** The tools with their usual input and output, for the contract of all tools. */

import { join } from 'node:path';
import { eventSource } from './events/event-source.ts';
import { root } from './harness.ts';
import { job, markAt, NOON, newRun, openLedger } from './ledger/invented.ts';

interface LastLine {
  /** Number of input lines. */
  readonly lines: number;
  readonly last: string;
}

export interface Contract {
  readonly tool: string;
  /** Arguments for its usual work, from stdin if it reads any. */
  readonly words: readonly string[];
  /** Whole lines, with non-ASCII names; absent if it reads no stdin. */
  readonly input?: string;
  /** Its output for them. */
  readonly output: string;
  /** Whether it never prints anything. */
  readonly isSilent?: true;
  /** Creates the files that `words` name: a command line that runs in a folder, or a function. */
  readonly setUp?: string | ((folder: string) => Promise<void>);
  /** Its behaviour on empty stdin, by arguments. */
  readonly empty?: readonly (readonly [words: readonly string[], status: number, stderr: string])[];
  /** Arguments whose last one is an unexpected operand. */
  readonly surplus?: readonly string[];
  /** Arguments whose last one is a file that does not exist. */
  readonly missing?: readonly string[];
  /** Its status without input; 66 by default. */
  readonly noInput?: number;
  /** Equivalent arguments. */
  readonly spellings: readonly (readonly [one: readonly string[], other: readonly string[]])[];
  /** Arguments with which its output overflows pipes, for this many lines of an awk program (5000 by default). */
  readonly plenty?: {
    readonly words: readonly string[];
    readonly awk: string;
    readonly lines?: number;
    /** Arguments with which a tool without input is busy for hours. */
    readonly busy?: readonly string[];
  };
  /** Arguments with which `few` and `many` lines of an awk program lead to these last lines of output. */
  readonly long?: {
    readonly words: readonly string[];
    readonly awk: string;
    readonly few: LastLine;
    readonly many: LastLine;
  };
  /** Arguments with which it writes output, or a file, before its input ends. */
  readonly endless?: { readonly words: readonly string[]; readonly input?: string; readonly file?: string };
  /** Its output when some lines are spoiled. */
  readonly spoiled?: (good: string, all: string) => string;
  /** Its status then; 0 by default. */
  readonly spoiledStatus?: number;
}

const EVENTS = await eventSource();
const READINGS =
  '2026-11-21T10:04:00Z,küche,21.35\n2026-11-21T10:05:00Z,温度 🌡,-3.5\n2026-11-21T10:06:00Z,küche,21.37\n';
const STATS_HEADER = 'sensor,window,start,end,count,min,max,avg\n';
const STATS =
  `${STATS_HEADER}küche,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,21.35,21.37,21.3600\n` +
  '温度 🌡,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,1,-3.5,-3.5,-3.500\n';
const STATS_AWK = `BEGIN { print "${STATS_HEADER.trimEnd()}"; for (i = 1; i <= n; i++) print "s" i ",all,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z," i ",1,1,1.00" }`;
const statsRow = (at: number) => `s${at},all,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,${at},1,1,1.00`;
const READINGS_HEADER = 'time,sensor,value\n';
const ROWS_AWK =
  'BEGIN { print "time,sensor,value"; for (i = 1; i <= n; i++) print 1795255200 + i ",küche," i }';
const READINGS_AWK = 'BEGIN { for (i = 1; i <= n; i++) print 1795255200 + i ",küche," i }';
const READINGS_LAST = {
  few: { lines: 50_000, last: '1795305200,küche,50000' },
  many: { lines: 1_000_000, last: '1796255200,küche,1000000' },
};
const RECORDS = '{"id":1,"name":"küche"}\n{"id":2,"name":"温度 🌡, x"}\n';
const LOG =
  '1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /küche HTTP/1.1" 200 5 "-" "x"\n' +
  '::1 - - [21/Nov/2026:10:05:00 +0200] "GET /温度 🌡 HTTP/1.1" 304 - "-" "x"\n';
const LOG_AWK =
  'BEGIN { for (i = 1; i <= n; i++) printf "1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] \\"GET /%d HTTP/1.1\\" 200 %d \\"-\\" \\"x\\"\\n", i, i }';

export const contracts: readonly Contract[] = [
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
    long: { words: ['log'], awk: READINGS_AWK, ...READINGS_LAST },
    endless: { words: ['log'], input: READINGS, file: 'log' },
    spoiled: (_, all) => all.replace(/^x+\n/m, ''),
  },
  {
    tool: 'get-events',
    words: ['--count', '3', EVENTS],
    output: '',
    surplus: ['http://host/', 'other'],
    missing: ['http://host/', '--header-file', 'no-such'],
    spellings: [
      [
        ['--count', '3', EVENTS],
        ['-q', '--count=2', '--count', '3', EVENTS],
      ],
    ],
    plenty: { busy: [EVENTS], words: ['--count', '5000', EVENTS], awk: '' },
    endless: { words: [EVENTS] },
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
    long: {
      words: ['-w', '1d'],
      awk: READINGS_AWK,
      few: {
        lines: 50_000,
        last: 'küche,1d,2026-11-21T00:00:00Z,2026-11-22T00:00:00Z,50000,1,50000,25000.50',
      },
      many: {
        lines: 1_000_000,
        last: 'küche,1d,2026-12-02T00:00:00Z,2026-12-03T00:00:00Z,85601,914400,1000000,957200.00',
      },
    },
    endless: { words: ['--live', '-w', '1m'], input: READINGS },
    spoiled: (good) => good,
  },
  {
    tool: 'get-temp',
    words: [],
    output: '',
    missing: ['file:no-such'],
    noInput: 69,
    spellings: [],
    plenty: {
      busy: ['--from', '2000-01-01T00:00:00Z', '--every', '1s', 'sim:a'],
      words: ['--from', '2026-11-21T00:00:00Z', '--to', '2026-11-21T02:00:00Z', '--every', '1s'],
      awk: '',
    },
    endless: { words: ['--every', '10ms'] },
  },
  {
    tool: 'lake-get',
    words: [`${root}LICENSE`],
    output: '',
    missing: ['no-such'],
    spellings: [
      [[`${root}LICENSE`], ['--gunzip', '-q', '--', `${root}LICENSE`]],
      [
        [`${root}LICENSE`, `${root}LICENSE`],
        [`${root}LICENSE`, '--gunzip', `${root}LICENSE`],
      ],
    ],
  },
  {
    tool: 'lake-put',
    words: ['lake/', '--csv', '--fields', 'id,name'],
    input: RECORDS,
    output: 'lake/e4ad6f235ac9d2c7.csv\n',
    empty: [
      [['lake/', '--ndjson'], 0, ''],
      [['lake/'], 66, 'lake-put: stdin: is empty: nothing is stored\n'],
    ],
    surplus: ['lake/', 'other/'],
    spellings: [
      [
        ['lake/', '--csv', '--fields', 'id'],
        ['--csv', '-q', '--fields=id', 'lake/'],
      ],
      [
        ['lake/', '--ndjson', '--batch', '1'],
        ['--ndjson', '--batch=2', 'lake/', '--batch', '1'],
      ],
    ],
    long: {
      words: ['lake/', '--csv', '--fields', 'n'],
      awk: 'BEGIN { for (i = 1; i <= n; i++) printf "{\\"n\\":%d}\\n", i }',
      few: { lines: 50_000, last: 'lake/225c76fdb9624de7.csv' },
      many: { lines: 1_000_000, last: 'lake/542b362e86729515.csv' },
    },
    endless: {
      words: ['lake/', '--ndjson', '--batch', '1'],
      input: RECORDS,
      file: 'lake',
    },
    spoiled: (good) => good,
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
    long: { words: ['--dry-run'], awk: ROWS_AWK, ...READINGS_LAST },
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
    long: {
      words: ['--dry-run'],
      awk: STATS_AWK,
      few: { lines: 10_000, last: statsRow(10_000) },
      // Rows take longer than lines, and never come in larger numbers.
      many: { lines: 200_000, last: statsRow(200_000) },
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
      'last 21.3600\n' +
      '      │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n' +
      '21.36 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤\n' +
      '      │░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n' +
      '      └┬───────┬───────┬───────┬───────┬\n' +
      '温度 🌡  1h\n' +
      'min -3.5  max -3.5  avg -3.500\n' +
      'last -3.500\n' +
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
    // A chart per line.
    plenty: { words: [], awk: STATS_AWK, lines: 500 },
    long: {
      words: [],
      awk: `BEGIN { print "${STATS_HEADER.trimEnd()}"; for (i = 1; i <= n; i++) print "s" i % 5 ",1m," 60 * i "," 60 * i + 60 ",6," i % 90 ",100,99" }`,
      few: { lines: 10_000, last: '     ⠒⠒ average   ░░ min to max   times in UTC' },
      many: { lines: 200_000, last: '     ⠒⠒ average   ░░ min to max   times in UTC' },
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
    long: {
      words: ['--fields', 'path,bytes'],
      awk: LOG_AWK,
      few: { lines: 50_000, last: '/50000,50000' },
      many: { lines: 1_000_000, last: '/1000000,1000000' },
    },
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
      busy: ['-n', '1000000000', '--seed', '1'],
      words: ['-n', '5000', '--seed', '1', '--from', '2026-11-01T00:00:00Z', '--to', '2026-12-01T00:00:00Z'],
      awk: '',
    },
    endless: { words: ['--rate', '100'] },
  },
  {
    tool: 'queue-put',
    words: ['q'],
    input: READINGS,
    output: '',
    isSilent: true,
    empty: [
      [['q'], 0, ''],
      [['q', '--whole'], 0, ''],
    ],
    surplus: ['q', 'other'],
    spellings: [],
    endless: { words: ['q', '--linger', '10ms'], input: READINGS, file: 'q' },
    spoiled: () => '',
  },
  {
    tool: 'queue-take',
    words: ['q', '--exit-when-empty'],
    setUp: 'seq 20000 | queue-put q',
    output: '',
    surplus: ['q', 'other'],
    spellings: [
      [
        ['q', '--peek', '-0'],
        ['-q0', '--null', '--peek', 'q'],
      ],
      [
        ['q', '--peek', '--count', '2'],
        ['--count=3', '--peek', '--count=2', 'q'],
      ],
    ],
    plenty: { busy: ['q'], words: ['q', '--peek'], awk: '' },
    endless: { words: ['q'], file: 'q' },
  },
  {
    tool: 'check-stats',
    words: ['--max', '31', '--min', '9.5'],
    input: `${STATS_HEADER}küche,all,,2026-11-21T10:06:00Z,2,9.5,31,21.36\n`,
    output: '',
    isSilent: true,
    missing: ['--max', '30', 'none.csv'],
    noInput: 3,
    spellings: [],
  },
  {
    tool: 'prune-stats',
    words: ['--keep', 'all=1d', 's.csv'],
    setUp: `printf '${STATS_HEADER.trim()}\\na,all,,2026-11-21T10:06:00Z,2,9.5,31,21.36\\n' >s.csv`,
    output: '',
    isSilent: true,
    missing: ['--keep', 'all=1d', 'none.csv'],
    surplus: ['--keep', 'all=1d', 's.csv', 't.csv'],
    spellings: [],
  },
  {
    tool: 'queue-stat',
    words: ['q'],
    setUp: 'seq 5 | queue-put q',
    output: '',
    spellings: [
      [
        ['q', '--json'],
        ['-q', '--json', '--by=partition', '--by', 'queue', '--', 'q'],
      ],
    ],
  },
  {
    tool: 'schedule',
    words: ['-q', '--test', '--from', '2026-11-21T10:00Z', '--to', '2026-11-21T10:02Z', '-'],
    input: '#: name=küche\n* * * * * true\n',
    output: '2026-11-21T10:00:00Z,küche\n2026-11-21T10:01:00Z,küche\n',
    empty: [[['--test', '-'], 0, '']],
    missing: ['absent'],
    spellings: [
      [
        ['-q', '--test', '-n', '3', '--json', '-'],
        ['-q', '--json', '--times=3', '--test', '--', '-'],
      ],
    ],
    spoiledStatus: 78,
  },
  {
    tool: 'run-tasks',
    words: ['--dry-run', 'some.yaml'],
    setUp: "printf 'tasks:\\n  load: {run: a}\\n  report: {needs: [load], run: b}\\n' > some.yaml",
    output: 'some: 2 tasks in 2 waves\n1  load\n2  report  needs load\n',
    surplus: ['some.yaml', 'other'],
    missing: ['absent.yaml'],
    spellings: [
      [
        ['--dry-run', '--json', '--only', 'load', 'some.yaml'],
        ['-q', '--json', '--dry-run', '--only=load', '--', 'some.yaml'],
      ],
    ],
  },
  {
    tool: 'queue-make',
    words: ['q', '--partitions', '2'],
    output: '',
    isSilent: true,
    surplus: ['q', 'other'],
    spellings: [],
  },
  {
    tool: 'runs',
    words: ['--csv'],
    setUp: async (folder) => {
      const ledger = await openLedger(join(folder, 'runs.db'));
      await ledger.register([job('küche')]);
      await ledger.decide(markAt(NOON), [newRun('küche', NOON)]);
      await ledger.close(false);
    },
    output: '',
    surplus: ['küche', 'other'],
    spellings: [
      [
        ['küche', '-n', '2', '--csv'],
        ['-qn2', '--csv', '--ledger=runs.db', '--', 'küche'],
      ],
    ],
  },
];
