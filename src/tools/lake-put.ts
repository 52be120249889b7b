/**
 * lake-put: store stdin, or the output of a command, in a lake: unchanged, or record by record as CSV or NDJSON.
 *
 * stdin   bytes, or JSON objects one per line      stdout  the address of each object, once it is complete
 * LAKE    an object is whole or absent, whatever dies on the way, and durable once its address is printed
 * Memory: at most about 100 MB, whatever the input.
 */

import { isAddress } from '../addresses/parse.ts';
import { inOrder } from '../async/in-order.ts';
import { holdInput, takeOutput } from '../cli/command-output.ts';
import { defineTool, type Io, rejectOptions } from '../cli/tool.ts';
import { numberValue, waitValue } from '../cli/value-kinds.ts';
import type { Command } from '../commands/command.ts';
import { Failure, status } from '../failure.ts';
import { unpacked } from '../files/unpack.ts';
import { encodeValue, NameTemplate, partName } from '../lakes/object-name.ts';
import type { ObjectPlan } from '../lakes/object-writer.ts';
import { openLake, parseObjectAddress } from '../lakes/open.ts';
import {
  checkLake,
  checkOptions,
  division,
  parseBy,
  parseField,
  parseFields,
  usage,
} from '../lakes/put-options.ts';
import { RecordMaker } from '../lakes/record.ts';
import { checkLines, type RecordStage, storeLines } from '../lakes/record-lines.ts';
import { type Completion, RecordObjects } from '../lakes/record-objects.ts';
import { WholeObject } from '../lakes/whole-object.ts';
import { STDIN } from '../lines/line.ts';
import { splitLines } from '../lines/text-lines.ts';

export default defineTool({
  name: 'lake-put',
  summary: 'Store stdin, or what CMD prints, as objects in a lake; print their addresses.',
  operands: 'LAKE',
  command: 'optional',
  options: {
    csv: {
      type: 'flag',
      excludes: ['ndjson'],
      describe: 'stdin is NDJSON: store it as CSV with a header',
    },
    fields: {
      type: 'text',
      value: 'FIELDS',
      parse: parseFields,
      describe: 'columns of --csv, by member name: id,meta.domain',
    },
    ndjson: { type: 'flag', describe: 'stdin is NDJSON: store its lines' },
    gzip: { type: 'flag', describe: 'compress; the same records give the same bytes' },
    by: {
      type: 'text',
      value: 'date|FIELD',
      parse: parseBy,
      describe: 'one object per date of --time, or per value of this FIELD',
    },
    time: {
      type: 'text',
      value: 'FIELD',
      parse: parseField,
      describe: 'FIELD with the time of --by date (dates are UTC)',
    },
    batch: { ...numberValue(1), describe: 'start new objects after N records' },
    name: {
      type: 'text',
      value: 'TEMPLATE',
      parse: parseTemplate,
      describe: 'TEMPLATE for object names under LAKE/',
    },
    'no-clobber': { type: 'flag', describe: 'fail (69) rather than replace an object with other content' },
    wait: { ...waitValue, default: '1m', describe: 'how long to retry a server' },
    'allow-empty': { type: 'flag', describe: 'store an empty stdin as an empty object' },
    ...rejectOptions,
  },
  examples: [
    ['queue-take rc.queue -- $0 lake/ --csv --fields id', 'each record once'],
    ['$0 raw/ -- curl -fsS https://host/posts', 'nothing, if curl fails'],
    ['$0 lake/ --ndjson --by date --time dt <log', 'lake/date=2026-11-21/...'],
  ],
  notes:
    'LAKE/ is a folder, or s3://BUCKET/PREFIX/ with the usual AWS_* variables and profiles; without the slash LAKE is a ' +
    'single object. With CMD, its output is stored if it exits with 0; otherwise nothing is stored, and lake-put exits ' +
    'with the status of CMD. CMD has no /dev/tty.\n' +
    'TEMPLATE: {hash} 16 digits of SHA-256, {ext}, {batch}, {FIELD} of the first record, {date} and {time} of the clock, ' +
    'with which a repeat is a new object. Default: {hash}{ext}; where $ETL_BATCH is set, as by queue-take, {batch}{ext}: ' +
    'a batch that comes again replaces itself, and a rejected line stores nothing (65). With --by or --batch {batch} has ' +
    'the number of the first record: when CMD of queue-take filters before --by, a repeat may store a record twice.\n' +
    'A missing field is empty, as is null; nested values are JSON. Empty input exits 66, but 0 with records or $ETL_BATCH.',
  files: (_, [lake = '']) => ({
    inputs: ['-'],
    outputs: lake === '' || lake.endsWith('/') || isAddress(lake) ? [] : [{ name: lake, content: 'any' }],
  }),
  async *run(options, io, [address], command) {
    if (address === undefined) usage('no LAKE');
    checkOptions(options);
    const { csv, ndjson, fields, gzip: isCompressed, by, time, batch: most, name } = options;
    const divides = by !== undefined || most !== undefined;
    const { lake, name: only } = parseObjectAddress(address);
    checkLake(address, only === '', io.isBatch || divides || name !== undefined);
    const template = name ?? new NameTemplate(io.isBatch ? '{batch}{ext}' : '{hash}{ext}');
    if (!io.isBatch && template.has('batch')) usage('--name: {batch} is known only where $ETL_BATCH is set');
    const objects: ObjectPlan = {
      lake: await openLake(lake, {
        ...{ clobber: !options['no-clobber'], waitMs: options.wait, env: io.env },
        ...{ signal: io.signal, explain: io.explain },
      }),
      template: only === '' ? template : only,
      ext: `${csv ? '.csv' : ndjson ? '.ndjson' : ''}${isCompressed ? '.gz' : ''}`,
      isCompressed,
      now: io.now,
      explain: io.explain,
      taken: new Set(),
    };
    const batch = encodeValue(io.env.ETL_BATCH ?? '');
    if (!csv && !ndjson) {
      const allowsEmpty = options['allow-empty'];
      const whole = new WholeObject({ objects, batch, needsRecord: only === '' && template.needsRecord });
      yield* storeWhole(whole, allowsEmpty, io, command);
      return;
    }
    const records = new RecordMaker({ fields, by: by === undefined ? undefined : division(by, time) });
    const batchName = (first: number) => (divides ? partName(batch, io.env, first) : batch);
    const open = new RecordObjects({
      header: records.header,
      isDivided: by !== undefined,
      objects,
      batchName,
    });
    try {
      const completions = storeRecords({ records, open, most }, io, command);
      io.count({ out: 0 });
      for await (const { address, records: stored } of inOrder(objects.lake.commitsAtOnce, completions)) {
        yield `${address}\n`;
        io.count({ out: stored });
      }
    } finally {
      await open.discard();
    }
  },
});

function parseTemplate(text: string): NameTemplate {
  return new NameTemplate(text);
}

async function* storeWhole(
  whole: WholeObject,
  allowsEmpty: boolean,
  io: Io,
  command: Command | undefined,
): AsyncGenerator<string> {
  try {
    if (command !== undefined) await takeOutput(command, io, (chunk) => whole.add(chunk));
    else for await (const chunk of io.stdin) await whole.add(chunk);
    const address = await whole.end(allowsEmpty);
    if (address !== undefined) {
      io.count({ in: 1 });
      yield `${address}\n`;
    } else if (!io.isBatch)
      throw new Failure(status.noInput, `${command?.[0] ?? STDIN}: is empty: nothing is stored`);
  } finally {
    await whole.discard();
  }
}

/** Stores records. The output of a command, and a batch, are stored only once all of it is known to be good. */
async function* storeRecords(stage: RecordStage, io: Io, command?: Command): AsyncGenerator<Completion> {
  if (command === undefined && !io.isBatch) {
    yield* storeLines(io.lines(['-']), stage, io);
    return;
  }
  const held = await holdInput(command, io);
  const lines = () => splitLines(unpacked(held.chunks(), STDIN), STDIN, io.reject);
  try {
    if (io.isBatch) await checkLines(lines(), stage.records, io);
    yield* storeLines(lines(), stage, io);
  } finally {
    held.close();
  }
}
