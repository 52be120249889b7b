/**
 * queue-take: take messages from a queue, and acknowledge them once they are processed.
 *
 * stdout  messages, or the output of CMD      QUEUE  a batch is acknowledged once CMD has succeeded, or once it is written
 * Memory: a batch per job.
 */

import { commandOptions } from '../cli/command-options.ts';
import { inGroup } from '../cli/option.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { numberValue, sizeValue, waitValue } from '../cli/value-kinds.ts';
import type { Command } from '../commands/command.ts';
import { Failure, status } from '../failure.ts';
import { queueFiles } from '../files/command-files.ts';
import { deliverBatches, showBatch } from '../queues/deliver-batches.ts';
import { openQueue, parseQueueAddress } from '../queues/open.ts';
import { NOWHERE, openDeadLetters } from '../queues/open-dead-letters.ts';
import type { Queue } from '../queues/queue.ts';
import { type MessageStyle, showMessages } from '../queues/show-messages.ts';
import { takeBatches } from '../queues/take-batches.ts';
import {
  checkOptions,
  DEFAULT_GROUP,
  neededFor,
  parseGroup,
  parsePosition,
  requestOf,
} from '../queues/take-options.ts';

export default defineTool({
  name: 'queue-take',
  summary: 'Take messages from a queue: print them, or run CMD on them and remove them once it succeeds.',
  operands: 'QUEUE',
  command: 'optional',
  waits: true,
  options: {
    count: { ...numberValue(1), describe: 'end after this many messages' },
    'exit-when-empty': {
      type: 'flag',
      describe: 'end when no message is ready, delayed or leased anywhere',
    },
    group: {
      type: 'text',
      value: 'GROUP',
      parse: parseGroup,
      default: DEFAULT_GROUP,
      describe: 'each group of takers gets every message once',
    },
    from: {
      type: 'text',
      value: 'POSITION',
      parse: parsePosition,
      default: 'beginning',
      describe: 'where a new group begins: beginning, end or a TIME',
    },
    seek: {
      excludes: ['peek'],
      type: 'text',
      value: 'POSITION',
      parse: parsePosition,
      describe: 'move the group there, and take nothing',
    },
    peek: { type: 'flag', describe: 'print unacknowledged messages, and take nothing' },
    strict: { type: 'flag', describe: 'exit 65 if a message became a dead letter' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy queue, or a server' },
    ...inGroup('Command', {
      batch: { ...numberValue(1), describe: 'maximum messages per run of CMD (default: 1)' },
      linger: { ...waitValue, describe: 'maximum time that a message waits for others (default: 5s)' },
      'batch-bytes': { ...sizeValue, default: '16M', describe: 'maximum bytes of a batch' },
      jobs: { alias: 'j', ...numberValue(1, 1000), default: '1', describe: 'runs of CMD at once' },
      dead: {
        type: 'text',
        value: 'QUEUE|none',
        describe: 'QUEUE for dead letters, or none (default: its own; for a file QUEUE#dead)',
      },
    }),
    ...inGroup('Output', {
      envelope: { type: 'flag', describe: 'messages as JSON, with key, time, tries and headers' },
      null: { alias: '0', type: 'flag', describe: 'messages end with NUL, not with a newline' },
    }),
    ...commandOptions,
  },
  examples: [
    ['$0 q --batch 100 --linger 1m -- lake-put lake/ --csv --fields id,user', 'one object per batch'],
    ["$0 'q#dead' --peek --envelope", 'see dead letters, and why they died'],
    ["$0 'q#dead' --envelope -- queue-put q --envelope", 'put them back, with their keys'],
  ],
  notes:
    'QUEUE is as for queue-put. CMD reads its batch on stdin, and $ETL_QUEUE, _PARTITION, _FIRST, _LAST, _COUNT, ' +
    '_TRY, and _BATCH, a name for lake-put. Its exit status: 0 done. 75 not now: retried for ever. 65 bad data: ' +
    'halved until the bad message is alone, which becomes a dead letter. 64, 69, 78, 126, 127 CMD is wrong: exit 69. ' +
    'Others: failed, retried after 1 s, 2 s, ... 1 min; after --retries as 65. Nobody else gets the batch meanwhile. ' +
    'Without CMD, a message is gone once it is printed.',
  files: ({ dead }, [queue = '']) => ({
    inputs: [],
    outputs: [...queueFiles(queue), ...(dead === undefined || dead === NOWHERE ? [] : queueFiles(dead))],
  }),
  async *run(options, io, [address = ''], command) {
    checkOptions(options, command);
    const name = parseQueueAddress(address);
    const style: MessageStyle = { end: options.null ? '\0' : '\n', hasEnvelope: options.envelope };
    const queue = await openQueue(name, { ...io, waitMs: options.wait }, neededFor(options));
    const taking = { ...options, name, style, warn: io.warn, ...requestOf(options, command, io.signal) };
    try {
      if (options.seek !== undefined) await queue.seek(options.group, options.seek);
      else if (options.peek) yield* peek(queue, taking, io);
      else if (command === undefined) await print(queue, taking, io);
      else await deliver(queue, taking, command, io);
    } finally {
      await queue.close();
    }
  },
});

interface Taking extends ReturnType<typeof requestOf> {
  readonly name: string;
  readonly style: MessageStyle;
  readonly retries: number;
  readonly 'max-dead': number;
  readonly grace: number;
  readonly strict: boolean;
  readonly dead: string | undefined;
  readonly wait: number;
  warn(message: string): void;
}

async function* peek(queue: Queue, { name, style, group, limit }: Taking, io: Io): AsyncGenerator<Buffer> {
  let shown = 0;
  for await (const { partition, message, tries } of queue.peek?.(group) ?? []) {
    yield showMessages([message], { queue: name, partition, tries }, style);
    io.count({ in: 1, out: 1 });
    if (++shown >= limit) return;
  }
}

/** Writes messages, and acknowledges those written. */
function print(queue: Queue, taking: Taking, io: Io): Promise<void> {
  return takeBatches(queue, taking, async (batch, free) => {
    await io.write(showBatch(batch, taking));
    await io.flush();
    const done = batch.acknowledge();
    free('work');
    await done;
    io.count({ in: batch.messages.length, out: batch.messages.length });
    return true;
  });
}

/** Gives batches to the command. @throws Failure (data) with --strict if there was a dead letter */
async function deliver(queue: Queue, taking: Taking, command: Command, io: Io): Promise<void> {
  const dead = await openDeadLetters(queue, taking, { ...io, waitMs: taking.wait });
  const { retries, 'max-dead': maxDead, grace: graceMs } = taking;
  // The output of CMD does not count as ours.
  io.count({ out: 0 });
  const stop = { signal: io.signal, insist: io.insist, graceMs };
  const { Deliverer } = await import('../commands/deliver.ts');
  const deliverer = new Deliverer({
    ...{ ...io, command, retries, maxDead, stop },
    stdout: io.write,
    stderr: io.writeStderr,
  });
  try {
    await deliverBatches(queue, { ...taking, dead, countUsed: io.count }, deliverer);
  } finally {
    if (typeof dead === 'object') await dead.close();
  }
  const { buried } = deliverer;
  if (buried > 0 && taking.strict)
    throw new Failure(status.data, `${buried} ${buried === 1 ? 'message' : 'messages'} died (--strict)`);
}
