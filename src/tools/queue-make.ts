/**
 * queue-make: make a queue of a certain shape, or delete one.
 *
 * stdin   not read      stdout  nothing
 * QUEUE   is made if it is missing; a queue that is there stays as it is
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
  summary: 'Make a queue, or delete one.',
  operands: 'QUEUE',
  options: {
    partitions: { ...numberValue(1), describe: 'messages with keys are spread over this many (a file: 8)' },
    replication: { ...numberValue(1), describe: 'copies on a cluster; a file has one' },
    keep: {
      type: 'text',
      value: 'DURATION|SIZE',
      parse: parseKeep,
      describe: 'how long messages stay for new groups when all groups have taken them: 7d, or 10G',
    },
    'max-bytes': { ...sizeValue, describe: 'queue-put waits while there are more bytes' },
    drop: { type: 'flag', describe: 'delete the queue and all its messages; with --yes' },
    yes: { type: 'flag', describe: 'yes, delete it' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy queue, or a server' },
  },
  examples: [
    ['$0 weather.queue --partitions 32 --max-bytes 10G', 'before the first message'],
    ['$0 weather.queue --drop --yes', 'delete it'],
  ],
  notes:
    'QUEUE is as for queue-put. Without queue-make the first message makes a file, as this does without\n' +
    'options: messages stay until every known group has taken them. On a server only this makes a queue,\n' +
    'and one for its dead letters. A queue that is there is left as it is: status 0, or 65 if it has\n' +
    'another shape. A queue of which messages are out is not deleted (75), unless it is on Kafka or\n' +
    'Pub/Sub.',
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
