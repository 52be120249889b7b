/**
 * queue-make: create a queue with a given shape, or delete one.
 *
 * stdin   not read      stdout  nothing
 * QUEUE   is created if it is missing; an existing one is left unchanged
 */

import { defineTool } from '../cli/tool.ts';
import { numberValue, sizeValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { queueFiles } from '../files/command-files.ts';
import { parseSize } from '../lines/size.ts';
import type { Shape } from '../queues/driver.ts';
import { dropQueue, makeQueue, parseQueueAddress } from '../queues/open.ts';
import { parseDuration } from '../readings/duration.ts';

export default defineTool({
  name: 'queue-make',
  summary: 'Create or delete a queue.',
  operands: 'QUEUE',
  options: {
    partitions: {
      ...numberValue(1),
      describe: 'messages with keys are spread over this many (default for a file: 8)',
    },
    replication: { ...numberValue(1), describe: 'copies on a cluster; a file has one' },
    keep: {
      type: 'text',
      value: 'DURATION|SIZE',
      parse: parseKeep,
      describe: 'keep messages that all groups have taken, for new groups: 7d, or 10G',
    },
    'max-bytes': { ...sizeValue, describe: 'make queue-put wait while the queue is larger' },
    drop: { type: 'flag', describe: 'delete the queue and all its messages; needs --yes' },
    yes: { type: 'flag', describe: 'confirm --drop' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy queue, or a server' },
  },
  examples: [
    ['$0 weather.queue --partitions 32 --max-bytes 10G', 'before the first message'],
    ['$0 weather.queue --drop --yes', 'delete it'],
  ],
  notes:
    'QUEUE is as for queue-put. A file need not be created: its first message does that, as queue-make does without ' +
    'options; messages stay until every known group has taken them. On a server only queue-make creates a queue, and ' +
    'one for its dead letters. An existing queue is left as it is: status 0, or 65 if it has another shape. A queue ' +
    'with leased messages is not deleted (75), unless it is on Kafka or Pub/Sub.',
  files: (_, [queue = '']) => ({ inputs: [], outputs: queueFiles(queue) }),
  async *run(options, io, [address = '']) {
    const name = parseQueueAddress(address);
    const { partitions, replication, keep, 'max-bytes': maxBytes } = options;
    const shape: Shape = { partitions, replication, keep, maxBytes };
    const settings = { ...io, waitMs: options.wait };
    if (!options.drop) return await makeQueue(name, shape, settings);
    if (Object.values(shape).some((value) => value !== undefined)) throw usage('--drop takes no shape');
    if (!options.yes) throw usage('--drop deletes all messages: it needs --yes');
    if (!(await dropQueue(name, settings))) io.explain(`${name}: no such queue`);
  },
});

function parseKeep(text: string): Shape['keep'] {
  try {
    return { ms: parseDuration(text) };
  } catch {
    try {
      return { bytes: parseSize(text) };
    } catch {
      throw new Error(`neither a duration nor a size: ${JSON.stringify(text)} (write 7d or 10G)`);
    }
  }
}

function usage(message: string): Failure {
  return new Failure(status.usage, `${message} (see queue-make --help)`);
}
