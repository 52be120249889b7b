/**
 * parse-log: the fields of access-log lines.
 *
 * stdin   lines of Apache and nginx      stdout  a row for each, CSV with a header or NDJSON
 * A line is correct in all its fields, or rejected with a reason; no field ever gets the text of another.
 * Memory: a line of at most 1 MiB, and the rows of a chunk.
 */

import { encodingOption } from '../cli/encoding-option.ts';
import { inGroup } from '../cli/option.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { fileValue } from '../cli/value-kinds.ts';
import { errorText, Failure, status } from '../failure.ts';
import { fastChunks } from '../files/byte-source.ts';
import { parseColumns } from '../lines/csv.ts';
import { jsonColumns } from '../weblog/parse/json-layouts.ts';
import {
  bigqueryColumns,
  type OutputColumn,
  outputColumns,
  standardColumns,
  withMessageId,
} from '../weblog/parse/log-columns.ts';
import {
  type FormatName,
  type Formats,
  formatNames,
  namedFormats,
  nginxFormats,
  patternFormats,
} from '../weblog/parse/log-format.ts';
import { LogReader } from '../weblog/parse/log-reader.ts';
import { rowLayout } from '../weblog/parse/log-row.ts';
import { LogTimes } from '../weblog/parse/log-time.ts';
import { readRedaction } from '../weblog/parse/read-redaction.ts';

/** For fewer bytes, setting up the kernel takes longer than it saves. */
const FEW = 1 << 15;
const STDIN = 'stdin';

export default defineTool({
  name: 'parse-log',
  summary: 'Parse web access logs into CSV or JSON, one row per request.',
  operands: '[FILE...]',
  options: {
    ...inGroup('Input', {
      format: {
        type: 'text',
        value: 'FORMAT',
        choices: formatNames,
        describe: "auto (the default) detects it line by line; main is from nginx's packages",
      },
      pattern: {
        type: 'text',
        value: 'LOGFORMAT',
        parse: patternFormats,
        excludes: ['nginx', 'format'],
        describe: 'format as an Apache LogFormat: \'%h %l %u %t "%r" %>s %b\'',
      },
      nginx: {
        type: 'text',
        value: 'LOG_FORMAT',
        parse: nginxFormats,
        excludes: ['format'],
        describe: "format as nginx's log_format: '$remote_addr [$time_local] \"$request\"'",
      },
      envelope: {
        type: 'flag',
        describe: 'lines are those of queue-take --envelope; adds message_id, a key',
      },
      tz: {
        type: 'text',
        value: 'ZONE',
        parse: (zone: string) => new LogTimes(zone),
        default: 'UTC',
        describe: 'time zone of times without an offset',
      },
    }),
    ...inGroup('Output', {
      fields: {
        type: 'text',
        value: 'COLUMNS',
        offers: standardColumns.map(({ name }) => name),
        parse: parseColumns,
        excludes: ['schema'],
        describe: 'only these columns, in this order',
      },
      schema: { type: 'text', choices: ['bigquery'], describe: 'seven columns, named as in that table' },
      redact: {
        type: 'text',
        choices: ['mask', 'hash'],
        describe: 'make addresses and users anonymous: mask them, or hash them with a key',
      },
      'redact-key-file': { ...fileValue, describe: 'file with the key for --redact hash' },
      json: { type: 'flag', describe: 'rows as JSON, one per line' },
    }),
    ...encodingOption,
    ...rejectOptions,
  },
  examples: [
    ['$0 access.log access.log.1.gz', 'all formats, compressed or not'],
    [
      '$0 --fields time,status,bytes access.log | get-stats -w 1h --sensor status --value bytes',
      'bytes per hour',
    ],
    [
      '$0 --nginx \'$remote_addr [$time_local] "$request" $status $request_time\' access.log',
      'adds duration_s',
    ],
    ['$0 --pattern \'%h %l %u %t "%r" %>s %b %D\' access.log', 'adds duration_us'],
  ],
  notes:
    `Columns: ${standardColumns.map(({ name }) => name).join(',')}.\n` +
    `With --fields also ${jsonColumns.map(({ name }) => name).join(',')}.\n` +
    'JSON is read with these names, and as nginx, Caddy and Traefik name them. - and "" are null: empty\n' +
    'in CSV, null in JSON. Escapes such as \\" and \\x22 are decoded; NULs and bytes that are not UTF-8\n' +
    'become U+FFFD. A request that is not HTTP goes into path. A last line without newline is read from a\n' +
    'file, where its format ends in a quote, bracket or brace. --redact also removes or hashes host\n' +
    'names, idents, users, cookies and unknown headers, but leaves paths, referers and agents.',
  files: ({ 'redact-key-file': key }, operands) => ({
    inputs: [...inputFiles(operands), ...(key === undefined ? [] : [key])],
    outputs: [],
  }),
  async *run(options, io, files) {
    const formats = formatsOf(options);
    const redaction = await readRedaction(options);
    const columns = columnsOf(options, formats);
    const layout = rowLayout({ columns, known: formats.columns, json: options.json, redaction });
    const reader = new LogReader({
      formats,
      hasEnvelopes: options.envelope,
      times: options.tz,
      layout,
      reject: io.reject,
      showsText: redaction === undefined,
      kernelAfter: FEW,
    });
    for await (const source of io.sources(files, { encoding: options.encoding })) {
      reader.begin(source.name);
      for await (const chunk of fastChunks(source, io)) {
        reader.take(chunk);
        yield* taken(reader, io);
      }
      reader.end(source.file !== undefined || source.name !== STDIN);
      yield* taken(reader, io);
      const { all, plain } = reader.lines;
      io.explain(
        `${source.name}: ${all} ${all === 1 ? 'line' : 'lines'} read, ${plain} of them by the fast kernel`,
      );
    }
  },
});

function formatsOf({
  format = 'auto',
  pattern,
  nginx,
  envelope,
}: {
  format: FormatName | undefined;
  pattern: Formats | undefined;
  nginx: Formats | undefined;
  envelope: boolean;
}): Formats {
  const formats = pattern ?? nginx ?? namedFormats(format);
  return envelope ? { ...formats, columns: withMessageId(formats.columns) } : formats;
}

function columnsOf(
  {
    fields,
    schema,
    envelope,
  }: { fields: string[] | undefined; schema: string | undefined; envelope: boolean },
  { columns, further }: Formats,
): OutputColumn[] {
  const added = envelope ? withMessageId([]) : [];
  if (schema !== undefined)
    return bigqueryColumns(
      columns,
      added.map(({ name }) => name),
    );
  try {
    return outputColumns(
      fields ?? [...standardColumns, ...further, ...added].map(({ name }) => name),
      columns,
    );
  } catch (error) {
    throw new Failure(status.usage, `--fields: ${errorText(error)}`);
  }
}

/** Takes the rows made since the last call, and counts them. */
function* taken(reader: LogReader, io: Io): Generator<Buffer> {
  const count = reader.takeCount();
  if (count === 0) return;
  io.pass(count);
  yield reader.takeRows();
}
