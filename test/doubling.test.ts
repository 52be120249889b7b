/**
 * No input costs more than its length: every parser that outside text meets takes texts in which anything stands again and
 * again, of one size and of four times that. Work that grows with the square takes sixteen times as long for the latter.
 *
 * A new parser belongs into the table below. Those of request headers are in test/dashboard/header-values.test.ts.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAddress } from '../src/addresses/parse.ts';
import { secretHider } from '../src/addresses/show.ts';
import { normaliseArguments } from '../src/cli/normalise-arguments.ts';
import { Counter } from '../src/counting/counter.ts';
import type { Plan } from '../src/counting/plan.ts';
import { parseSeriesQuery } from '../src/dashboard/series-list.ts';
import { clientOf } from '../src/dashboard/shares.ts';
import { harmlessColumn } from '../src/dashboard/spreadsheet.ts';
import { parseQuery } from '../src/dashboard/stats-query.ts';
import { EventParser } from '../src/events/event-parser.ts';
import { formatEvent } from '../src/events/format-event.ts';
import { parseHeaders } from '../src/events/headers.ts';
import { findAppended } from '../src/files/find-appended.ts';
import { parseRetryAfter } from '../src/http/request.ts';
import { parseToken } from '../src/http/token.ts';
import { wholeLines } from '../src/lines/byte-lines.ts';
import { formatRows } from '../src/lines/format-rows.ts';
import { parseMembers } from '../src/lines/json.ts';
import { decodeText, encodeText, textProblem } from '../src/lines/text.ts';
import { splitLines } from '../src/lines/text-lines.ts';
import { cut, printable } from '../src/plot/display-text.ts';
import { escapeXml, textWidth } from '../src/plot/svg-parts.ts';
import { parseAhead } from '../src/readings/ahead.ts';
import { isNewTo } from '../src/readings/line-keeper.ts';
import { LineTimes } from '../src/readings/line-time.ts';
import { noNames } from '../src/readings/reading-columns.ts';
import { readStatsRows } from '../src/readings/stats-lines.ts';
import { tail, tailByTime, timedLines } from '../src/readings/tail.ts';
import { parseTime } from '../src/readings/time.ts';
import { parsePointer } from '../src/sensors/json-pointer.ts';
import { openSensor } from '../src/sensors/open.ts';
import { firstNumber } from '../src/sensors/written-number.ts';
import { parseDecimal } from '../src/stats/decimal.ts';
import { wanted } from '../src/stats/statistics.ts';
import { readCsvRows } from '../src/stores/csv-file.ts';
import { numberType } from '../src/tables/input/column-type.ts';
import { plainNumber } from '../src/tables/input/plain-number.ts';
import { utcTime } from '../src/tables/input/utc-time.ts';
import { outputColumns } from '../src/weblog/parse/log-columns.ts';
import { namedFormats, nginxFormats, patternFormats } from '../src/weblog/parse/log-format.ts';
import { LogReader } from '../src/weblog/parse/log-reader.ts';
import { rowLayout } from '../src/weblog/parse/log-row.ts';
import { LogTimes } from '../src/weblog/parse/log-time.ts';
import { masking } from '../src/weblog/parse/redact.ts';
import { growsLess } from './growth.ts';
import { readOnce, sensorIo } from './sensors/sensor-io.ts';
import { read as readTable } from './tables/input/reading.ts';
import { isThorough } from './thorough.ts';

/** Of work that grows with the length it is 4, with its square 16. */
const BOUND = 9;
/** Characters of the smaller text. */
const LENGTH = 1 << 11;

/** What stands again and again: what parsers have known to be slow with. */
const WORST = [
  ...[' ', '\n', '0', 'a', 'é', '"', '\\', ',', ':', '/', '.', '=', '@', '['],
  ...['""', '\\"', '","', '"\n', '"a\n', ' ,', '//', '::', '1.', '1h', 't='],
  ...['%h ', '\\x41', '1.1.1.1,', '"time"', '{"a":', '"a":1,'],
];
// The long form takes minutes, and is for those who change a parser: THOROUGH=yes npx vitest run test/doubling.test.ts
const UNITS = isThorough
  ? [
      ...WORST,
      ...[
        '\t',
        '\r',
        '\r\n',
        '\0',
        '1',
        '\ufffd',
        '\u{1f525}',
        "'",
        ';',
        '-',
        '+',
        '%',
        '?',
        '#',
        '&',
        '{',
        ']',
      ],
      ...[
        'e',
        '~',
        '_',
        '|',
        '(',
        'T',
        '\n"',
        'a\n',
        '"a',
        '1,',
        ',1\n',
        'a,b,1\n',
        '; ',
        '=;',
        ', ,',
        '//a',
        '//?',
      ],
      ...[
        '//#',
        '//a:',
        '@:',
        ':@',
        '/:',
        '%%',
        '%{',
        '%41',
        '\\u0041',
        ':0',
        '0:',
        '.1',
        '1e',
        '-1',
        '+1',
        '1:',
      ],
      ...[
        '00 ',
        '"time":',
        '"time": ',
        '[{',
        'a b ',
        '"\\',
        '"[',
        ' "',
        '" ',
        ' [',
        '] ',
        'GET ',
        ' HTTP/1.1',
      ],
      ...['x A/1', 'crc=00 YES ', '&a=', 'sensor,'],
    ]
  : WORST;

interface Parser {
  /** Texts before what stands again and again; the empty one by default. */
  readonly before?: readonly string[];
  readonly work: (text: string) => unknown;
}

const nobody = () => {};
const chunks = (text: string) => Readable.from([Buffer.from(text)]);
const chunkLines = (text: string) => splitLines(chunks(text), 'log', nobody);

async function drained(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

/** Also when it refuses the text. */
function tried(work: (text: string) => unknown): (text: string) => Promise<void> {
  return async (text) => {
    try {
      await work(text);
    } catch {
      // Refused, as it may be.
    }
  };
}

const LINE_TIMES = new LineTimes({ zone: 'Europe/Berlin' }, () => 0);

const PLAN: Plan = {
  windows: [{ label: 'all', lengthMs: undefined }],
  slideMs: undefined,
  zone: undefined,
  wanted: wanted([]),
  latenessMs: undefined,
  lines: {
    names: noNames,
    delimiter: ',',
    range: undefined,
  },
};

function counted(kernelAfter: number): (text: string) => void {
  const counter = new Counter(PLAN, { accept: nobody, reject: nobody }, { kernelAfter });
  return (text) => {
    counter.begin('log');
    counter.count(Buffer.from(text));
    counter.end();
    for (const _ of counter.accumulator.closeAll());
  };
}

function readLog(kernelAfter: number, json = false, formats = namedFormats('auto')): (text: string) => void {
  const columns = outputColumns(
    formats.columns.map(({ name }) => name),
    formats.columns,
  );
  const layout = rowLayout({ columns, known: formats.columns, json, redaction: masking() });
  const times = new LogTimes('UTC');
  const reader = new LogReader({ formats, times, layout, reject: nobody, showsText: true, kernelAfter });
  return (text) => {
    reader.begin('log');
    reader.take(Buffer.from(text));
    reader.end();
    reader.takeRows();
  };
}

const READING = '2026-11-21T10:04:00Z,attic,21.35\n';
const STATS = `sensor,window,start,end,count,min,max,avg\n`;
const LOG = '1.2.3.4 - - [30/Apr/2019:21:11:42 +0000] "GET /';
const JSON_LOG = '{"remote_addr":"1.2.3.4","path":"';

let sysfs = '';
let thermometer = '';
beforeAll(async () => {
  sysfs = await mkdtemp(join(tmpdir(), 'etlutils-'));
  thermometer = join(sysfs, 'bus/w1/devices/28-1');
  await mkdir(thermometer, { recursive: true });
});

afterAll(() => rm(sysfs, { recursive: true }));

async function readThermometer(text: string): Promise<void> {
  await writeFile(join(thermometer, 'w1_slave'), `00 : crc=00 YES\n${text.trimEnd()} x`);
  await readOnce(await openSensor('w1:', sensorIo({ ETL_SYSFS: sysfs })));
}

async function readFileSensor(text: string): Promise<void> {
  await writeFile(join(sysfs, 'value'), text);
  await readOnce(await openSensor(`file:${join(sysfs, 'value')}`, sensorIo()));
}

function readEvents(text: string): void {
  const parser = new EventParser('', nobody);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 16) parser.feed(bytes.subarray(at, at + 16));
  parser.end();
}

const eventOf = (data: string) => ({ id: undefined, lastId: '', event: 'message', data });

const COLUMNS = [
  { name: 'sensor', type: 'text' },
  { name: 'avg', type: 'number' },
] as const;

async function* asRows(text: string) {
  yield text.split('\n').map((line) => [line, '1']);
}

const parsers: Readonly<Record<string, Parser>> = {
  // lines
  'lines of bytes': { work: (text) => drained(wholeLines(chunks(text), nobody)) },
  'lines of text': { work: (text) => drained(chunkLines(text)) },
  'text of bytes that are not UTF-8': {
    work: (text) => encodeText(decodeText(Buffer.from(`${text}\xff`, 'latin1'))) && textProblem(text),
  },
  'members of JSON': { before: ['{"a":', '{"a":"', ''], work: parseMembers },
  'rows as CSV': { work: (text) => drained(formatRows(asRows(text), COLUMNS, 'csv')) },
  'rows as a table': { work: (text) => drained(formatRows(asRows(text), COLUMNS, 'table')) },
  // readings
  'a time': { before: ['', '2026-11-21T10:04:00.'], work: parseTime },
  'a duration': { before: ['', 'P1D', '1h'], work: tried(parseAhead) },
  'a decimal': { work: parseDecimal },
  'the time of a line': {
    before: ['', '{', '{"time":', '{"time":"'],
    work: (text) => void LINE_TIMES.of([text]),
  },
  'readings, exact': {
    before: ['', READING, `${READING}2026-11-21T10:05:00Z,"`, '{"time":"'],
    work: counted(Number.POSITIVE_INFINITY),
  },
  'readings, in the kernel': {
    before: [READING, `${READING}2026-11-21T10:05:00Z,`, '{"time":"'],
    work: counted(0),
  },
  'stats rows': {
    before: ['', STATS, `${STATS}"`, '{"sensor":"', `${STATS}attic,1h,,`],
    work: tried((text) => drained(readStatsRows(chunkLines(text), nobody))),
  },
  'a window by lines': {
    work: (text) => tail(Buffer.from(text), { count: 100 }),
  },
  'a window by time': {
    work: (text) => tailByTime(timedLines(Buffer.from(text), LINE_TIMES), { count: 100, lastMs: 1 }),
  },
  'lines that are new': { work: (text) => isNewTo(Buffer.from(text))(Buffer.from(text)) },
  // weblog
  'a log': {
    before: ['', LOG, LOG.slice(0, 10), JSON_LOG, `${LOG} HTTP/1.1" 200 5 "`, '1.2.3.4, ', 'h 1.2.3.4, '],
    work: readLog(Number.POSITIVE_INFINITY),
  },
  'a log, in the kernel': { before: [LOG, LOG.slice(0, 10), `${LOG} HTTP/1.1" 200 5 "`], work: readLog(0) },
  'a log as JSON': { before: [LOG], work: readLog(Number.POSITIVE_INFINITY, true) },
  'a log by a log_format': {
    before: [
      '',
      '1.2.3.4, ',
      '1.2.3.4 0.1 : ',
      '1.2.3.4 0.1 2019-04-30T21:11:42.',
      '1.2.3.4 0.1 2019-04-30 21:11:42 b ',
    ],
    work: readLog(
      Number.POSITIVE_INFINITY,
      false,
      nginxFormats('$remote_addr $upstream_addr $time_iso8601 $remote_user "$request"'),
    ),
  },
  'a log_format': { before: ['', '$status ', "log_format a '", 'log_format '], work: tried(nginxFormats) },
  'a LogFormat': { before: ['', '%h '], work: tried(patternFormats) },
  // tables
  'rows of CSV': { before: ['', 'a,b\n', 'a,b\n1,"', 'a\n'], work: tried(readTable) },
  'rows of JSON': { before: ['{"a":', '{"a":"', '{"a":1}\n'], work: tried(readTable) },
  'a number': { before: ['', '1.', '1e'], work: (text) => numberType(text, 15) },
  'a plain number': { before: ['1.', '0.', ''], work: plainNumber },
  'a time in UTC': { before: ['', '2026-11-21T10:04:00.'], work: utcTime },
  'a CSV store': {
    before: [STATS, `${STATS}"`],
    work: tried((text) => readCsvRows('a.csv', Buffer.from(text))),
  },
  // sensors
  'the output of a command': { work: firstNumber },
  'a thermometer': { work: tried(readThermometer) },
  'a file with a number': { work: tried(readFileSensor) },
  'a JSON pointer': { before: ['/'], work: parsePointer },
  // dashboard and http
  'a query': {
    before: ['sensor=', 'from=', 'points=', 'window=', ''],
    work: tried((text) => parseQuery(new URLSearchParams(text), 100)),
  },
  'a query for series': {
    before: ['after=', 'limit=', 'after=["'],
    work: tried((text) => parseSeriesQuery(new URLSearchParams(text))),
  },
  'a cell of a spreadsheet': { before: ['-', ''], work: (name) => harmlessColumn({ name, type: 'text' }) },
  'the address of a client': { before: ['::ffff:', ''], work: clientOf },
  'a token': { work: tried((text) => parseToken(text, 'token')) },
  'Retry-After': { work: (text) => parseRetryAfter(text, 0) },
  // events and files
  'events that come in small parts': { before: ['', 'data: ', 'id: ', ':'], work: readEvents },
  'the data of an event': { before: ['"', '[ "'], work: (text) => formatEvent(eventOf(text), 'json') },
  'headers of a file': { before: ['a:', 'a: x'], work: tried((text) => parseHeaders(text, 'headers')) },
  'lines that a kill has left': {
    before: ['', 'x\n'],
    work: (text) => findAppended(Buffer.from(text), Buffer.from(`${text.slice(0, text.length / 2)}y\n`)),
  },
  // addresses
  'an address': {
    before: ['', 'http://', 'postgres:', 'exec:', 'exec:curl http://', '//'],
    work: parseAddress,
  },
  'a message about an address': {
    before: ['http://u:', 'http://u:pw@h/', ''],
    work: (text) => secretHider([text])(text),
  },
  // plot
  'a name on a terminal': { work: (text) => cut(printable(text), 80) },
  'a name in a picture': { work: (text) => textWidth(escapeXml(text), { size: 10, kind: 'name' }) },
  // cli
  'words of a command line': {
    before: ['-', '--', '-w'],
    work: tried((text) =>
      normaliseArguments([text], {
        window: { type: 'text', alias: 'w', describe: '' },
        verbose: { type: 'flag', alias: 'v', describe: '' },
      }),
    ),
  },
};

// README: "No pathological input."
// README: "The cost of a line, a name or a header grows with its length, whatever it holds."
it.each(Object.entries(parsers))('%s', async (_, { before = [''], work }) => {
  for (const shape of shapes(before)) {
    const [start, unit, end] = shape;
    const make = (length: number) => start + unit.repeat(length / unit.length) + end;
    expect(await growsLess({ make, work, length: LENGTH }, BOUND), JSON.stringify(shape)).toBe(true);
  }
});

/** What a text begins with, what stands again and again, and what it ends with. */
function* shapes(before: readonly string[]): Generator<[start: string, unit: string, end: string]> {
  for (const start of before)
    for (const unit of UNITS)
      for (const end of isThorough ? ['', 'x', '"', '\n', 'x\n'] : ['x\n']) yield [start, unit, end];
}
