/**
 * queue-put: put messages into a queue, one per line.
 *
 * stdin   lines of any bytes, or the output of CMD once it has succeeded      stdout  nothing
 * QUEUE   has every message on disk if the status is 0; otherwise stderr says how many it has
 * Memory: one write of at most 8 MiB, and one message. The output of CMD waits in an unlinked file.
 */

import { inGroup } from '../cli/option.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { numberValue, sizeValue, waitValue } from '../cli/value-kinds.ts';
import { type Command, commandFailure } from '../commands/command.ts';
import { Failure, status } from '../failure.ts';
import { queueFiles } from '../files/command-files.ts';
import { HeldBytes } from '../files/held-bytes.ts';
import { parseDelimiter } from '../lines/csv.ts';
import { parseMemberPath } from '../lines/member-path.ts';
import { badText } from '../lines/text.ts';
import type { Ability } from '../queues/abilities.ts';
import { messageBatches } from '../queues/message-batches.ts';
import type { Field } from '../queues/message-fields.ts';
import { openQueue, parseQueueAddress } from '../queues/open.ts';
import { putAll } from '../queues/put-all.ts';
import type { PutOptions } from '../queues/queue.ts';
import { type MessageFormat, type ReadSettings, readMessages } from '../queues/read-messages.ts';
import { unfitFor } from '../queues/unfit.ts';

export default defineTool({
  name: 'queue-put',
  summary: 'Put messages into a queue, one per line.',
  operands: 'QUEUE',
  command: 'optional',
  options: {
    key: {
      type: 'text',
      value: 'FIELD',
      describe: 'messages with the same value in this FIELD stay in order',
    },
    'group-id': {
      excludes: ['key'],
      type: 'text',
      value: 'TEXT',
      parse: parseGroupId,
      describe: 'one key for all messages, so that all stay in order',
    },
    id: {
      type: 'text',
      value: 'FIELD',
      describe: 'skip a message whose FIELD, or hash of all of it, was put before',
    },
    delay: { ...waitValue, describe: 'messages can be taken only after this time' },
    remember: { ...numberValue(1), default: '100000', describe: 'with --id: number of ids to remember' },
    ...inGroup('Input', {
      delimiter: {
        alias: 'd',
        type: 'text',
        value: 'CHAR',
        parse: parseDelimiter,
        describe: 'lines are CSV, FIELD is a column number; without it, JSON: meta.id',
      },
      'key-separator': {
        excludes: ['key', 'group-id'],
        type: 'text',
        value: 'TEXT',
        parse: parseSeparator,
        describe: 'a line is a key, this TEXT, and the message',
      },
      envelope: {
        excludes: ['key', 'group-id', 'key-separator'],
        type: 'flag',
        describe: 'lines are what queue-take --envelope prints, with key and headers',
      },
      null: { alias: '0', type: 'flag', describe: 'messages end with NUL, not with a newline' },
      whole: { type: 'flag', excludes: ['null'], describe: 'all input is one message' },
      'max-size': { ...sizeValue, default: '1M', describe: 'maximum bytes of a message' },
    }),
    ...inGroup('Waiting', {
      batch: { ...numberValue(1), default: '1000', describe: 'maximum messages per write' },
      linger: { ...waitValue, default: '100ms', describe: 'maximum time that a message waits for others' },
      wait: {
        ...waitValue,
        default: '10s',
        describe: 'how long to wait for others, for a server, and for room',
      },
    }),
    ...rejectOptions,
  },
  examples: [
    ['get-temp --every 1s --json | $0 weather.queue --key sensor', 'in order for each sensor'],
    ['$0 posts.queue -- lake-put raw/ -- curl -fsS https://api.example', 'a notice when it is stored'],
  ],
  notes:
    'QUEUE is a file, created by the first message, kafka://HOST:PORT/TOPIC, sqs://NAME[.fifo], or ' +
    'pubsub://PROJECT/TOPIC. The status is 0 only when every message is on disk; after a failure, a message says how ' +
    'many are. Every line is a message, byte for byte except for a CR at its end; an empty line and a last one ' +
    'without a newline are messages, too. With CMD, all its output is put if it succeeds; otherwise nothing is put, ' +
    'and queue-put exits with the status of CMD, which has no /dev/tty. A line that is too long, or has no key or id, ' +
    'is rejected; in a batch ($ETL_BATCH), nothing is put then.',
  files: (_, [queue = '']) => ({ inputs: ['-'], outputs: queueFiles(queue) }),
  async *run(options, io, [address = ''], command) {
    const format = formatOf(options);
    const queue = await openQueue(
      parseQueueAddress(address),
      { ...io, waitMs: options.wait },
      neededFor(options),
    );
    const held = command !== undefined || io.isBatch ? new HeldBytes() : undefined;
    try {
      await queue.assertPutable();
      const reading: ReadSettings = { reject: io.reject, unfit: (message) => unfitFor(queue, message) };
      if (command !== undefined && held !== undefined) await hold(command, held, io);
      else if (held !== undefined) for await (const chunk of io.stdin) held.add(chunk);
      if (io.isBatch && held !== undefined) await check(held, format, reading);
      const onTorn = () => {
        if (command === undefined) io.explain('the last line has no newline: it is put as it is');
      };
      const messages = readMessages(held?.chunks() ?? io.stdin, format, { ...reading, onTorn });
      await putAll(queue, messageBatches(messages, options), putOptions(options), { ...io, accept: io.pass });
    } finally {
      held?.close();
      await queue.close();
    }
  },
});

interface AskedOptions extends Pick<FormatOptions, 'key' | 'group-id' | 'id' | 'key-separator' | 'envelope'> {
  readonly delay: number | undefined;
}

interface FormatOptions {
  readonly key: string | undefined;
  readonly 'group-id': string | undefined;
  readonly id: string | undefined;
  readonly delimiter: string | undefined;
  readonly 'key-separator': Buffer | undefined;
  readonly envelope: boolean;
  readonly null: boolean;
  readonly whole: boolean;
  readonly 'max-size': number;
}

const keyOptions = ['key', 'group-id', 'key-separator'] as const;

function neededFor(options: AskedOptions): Ability[] {
  const { envelope, id, delay = 0 } = options;
  const isKeyed = keyOptions.some((name) => options[name] !== undefined);
  return [
    ...(isKeyed ? (['keys'] as const) : envelope ? [] : (['unkeyed'] as const)),
    ...(id === undefined ? [] : (['ids'] as const)),
    ...(delay === 0 ? [] : (['delay'] as const)),
  ];
}

/** @throws Failure (usage) */
function formatOf(options: FormatOptions): MessageFormat {
  const { key, 'group-id': oneKey, id, 'key-separator': keySeparator, delimiter } = options;
  return {
    end: options.whole ? 'nothing' : options.null ? 'NUL' : 'newline',
    maxSize: options['max-size'],
    ...(key !== undefined && { key: fieldOf('key', key, delimiter) }),
    ...(oneKey !== undefined && { oneKey }),
    ...(keySeparator !== undefined && { keySeparator }),
    ...(options.envelope && { hasEnvelope: true }),
    ...(id !== undefined && { id: id === 'hash' ? id : fieldOf('id', id, delimiter) }),
  };
}

function fieldOf(option: string, text: string, delimiter: string | undefined): Field {
  try {
    if (delimiter === undefined) return { member: parseMemberPath(text), shown: text };
    return { column: wholeNumber(1)(text), delimiter };
  } catch (error) {
    throw usage(`--${option}: ${error instanceof Error ? error.message : error}`);
  }
}

function parseGroupId(text: string): string {
  const problem = text === '' ? { detail: 'it is empty' } : badText('key', text);
  if (problem) throw new Error(problem.detail);
  return text;
}

function parseSeparator(text: string): Buffer {
  if (text === '') throw new Error('it is empty');
  return Buffer.from(text === '\\t' ? '\t' : text);
}

function usage(message: string): Failure {
  return new Failure(status.usage, `${message} (see queue-put --help)`);
}

function putOptions({ delay = 0, remember }: { delay?: number | undefined; remember: number }): PutOptions {
  return { delayMs: delay, remember };
}

/** Runs the command and holds its output. @throws Failure with the exit status of the command, unless that is 0 */
async function hold(command: Command, held: HeldBytes, io: Io): Promise<void> {
  const { runCommand } = await import('../commands/run-command.ts');
  const end = await runCommand(command, {
    env: io.env,
    stdin: 'inherit',
    stdout: async (chunk) => held.add(chunk),
    stderr: io.writeStderr,
    stop: { signal: io.signal, insist: io.insist, graceMs: 0 },
  });
  io.signal.throwIfAborted();
  if (end.status !== 0) throw commandFailure(command, end, 'nothing is put');
}

/** Reads all messages in advance, so that nothing is put if one is rejected. @throws Failure (data) */
async function check(held: HeldBytes, format: MessageFormat, reading: ReadSettings): Promise<void> {
  for await (const _ of readMessages(held.chunks(), format, reading));
}
