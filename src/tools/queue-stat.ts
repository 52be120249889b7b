/**
 * queue-stat: statistics of queues, and whether they are within limits.
 *
 * stdin   not read      stdout  a row for each queue and group, or for each of their partitions
 * QUEUE   is only read, never created
 */

import { readdirSync } from 'node:fs';
import { rowFormat, rowOptions } from '../cli/row-options.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { durationValue, numberValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { formatRows, type Row } from '../lines/format-rows.ts';
import type { Ability } from '../queues/abilities.ts';
import { hasReplicas, listQueues, openQueue, parseQueueAddress } from '../queues/open.ts';
import { excesses, type Limits, type Numbers, statColumns, statRow, totals } from '../queues/stat-rows.ts';

export default defineTool({
  name: 'queue-stat',
  summary: 'Show how many messages wait in queues, and check them against limits.',
  operands: '[QUEUE...]',
  options: {
    group: { type: 'text', value: 'GROUP', describe: 'only this group' },
    by: {
      type: 'text',
      choices: ['queue', 'partition'],
      default: 'queue',
      describe: 'one row per queue or partition',
    },
    'max-ready': { ...numberValue(0), describe: 'exit 1 if more messages than this wait' },
    'max-age': { ...durationValue, describe: 'exit 1 if a message has waited for longer' },
    'max-dead': { ...numberValue(0), describe: 'exit 1 if there are more dead letters' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy queue, or a server' },
    ...rowOptions,
  },
  examples: [
    ['$0 --table', 'all *.queue of this folder'],
    ['$0 -q rc.queue --max-age 10m --max-dead 0 >/dev/null || mail ...', 'for cron'],
  ],
  notes:
    'Columns: ready can be taken now; leased are being worked on; delayed wait for their time, or for a retry; dead ' +
    'are dead letters; oldest is when the oldest unacknowledged message was put; next is the number after the last ' +
    'one taken, end after the last one put (without --by partition, sums). kafka://HOST:PORT/ means all topics there. ' +
    'With --max-... the status is 1 if a limit is exceeded, and 3 if that cannot be told, as for Nagios. Nothing is ' +
    'created.',
  async *run(options, io, operands) {
    const queues = (operands.length === 0 ? queuesHere() : operands).map(parseQueueAddress);
    const limits = { ready: options['max-ready'], ageMs: options['max-age'], dead: options['max-dead'] };
    const exceeded: Failure[] = [];
    const inspection: Inspection = {
      ...{ limits, group: options.group, waitMs: options.wait, byPartition: options.by === 'partition' },
      withReplicas: (await Promise.all(queues.map(hasReplicas))).includes(true),
      isCheck: Object.values(limits).some((most) => most !== undefined),
      exceed: (message) => exceeded.push(new Failure(status.breach, message)),
    };
    if (queues.length === 0)
      cannotTell(new Failure(status.noInput, 'no *.queue in this folder'), inspection, io);
    yield* formatRows(
      rowsOf(queues, inspection, io),
      statColumns(inspection.withReplicas),
      rowFormat(options),
    );
    // The last failure decides the exit status, and a breach outranks what is unknown.
    for (const failure of exceeded) io.fail(failure);
  },
});

interface Inspection {
  readonly limits: Limits;
  readonly isCheck: boolean;
  readonly group: string | undefined;
  readonly byPartition: boolean;
  readonly waitMs: number;
  readonly withReplicas: boolean;
  exceed(message: string): void;
}

function queuesHere(): string[] {
  return readdirSync('.')
    .filter((name) => name.endsWith('.queue'))
    .sort();
}

function cannotTell(failure: Failure, { isCheck }: Inspection, io: Io): void {
  io.fail(isCheck ? new Failure(status.unknown, failure.message) : failure);
}

/** The rows of queues that can be read; the others are reported. */
async function* rowsOf(queues: readonly string[], inspection: Inspection, io: Io): AsyncGenerator<Row[]> {
  for (const address of queues)
    try {
      const listed = await listQueues(address, { ...io, waitMs: inspection.waitMs });
      for (const queue of listed) {
        const rows = await rowsOfQueue(queue, inspection, io);
        yield rows;
        io.count({ out: rows.length });
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.status === status.usage) throw error;
      cannotTell(error, inspection, io);
    }
}

/** @throws Failure */
async function rowsOfQueue(name: string, inspection: Inspection, io: Io): Promise<Row[]> {
  const { group, limits, exceed, byPartition, waitMs, withReplicas } = inspection;
  const needed: Ability[] = limits.ageMs === undefined ? ['stats'] : ['stats', 'ages'];
  const queue = await openQueue(name, { ...io, waitMs }, needed);
  try {
    const stats = (await queue.stats()).filter((stat) => group === undefined || stat.group === group);
    if (stats.length === 0) throw new Failure(status.noInput, `${name}: no such group: ${group}`);
    const sums = totals(stats);
    for (const total of sums)
      for (const excess of excesses(total, limits, io.now())) exceed(`${shown(name, total)}: ${excess}`);
    return (byPartition ? stats : sums).map((numbers) => statRow(name, numbers, withReplicas));
  } finally {
    await queue.close();
  }
}

function shown(name: string, { group }: Numbers): string {
  return group === '' ? name : `${name}: group ${group}`;
}
