/** Queues of SQS on ElasticMQ, which has the limits of AWS. */

import { describe } from 'vitest';
import { queueContract } from '../queues/contract.ts';
import { hasServer } from '../servers.ts';
import { sqsServer } from './sqs-server.ts';

describe.skipIf(!hasServer('elasticmq'))('SQS', () => {
  const server = sqsServer();

  queueContract('SQS', {
    address: () => server.newQueue(),
    deadOf: (address) => `${address}-dead`,
    abilities: new Set(['unkeyed', 'delay', 'counts', 'stats']),
    env: () => server.env(),
  });

  queueContract('SQS, .fifo', {
    address: () => server.newQueue('.fifo'),
    deadOf: (address) => address.replace('.fifo', '-dead.fifo'),
    abilities: new Set(['keys', 'ids', 'counts', 'stats']),
    env: () => server.env(),
  });
});
