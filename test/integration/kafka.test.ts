/** Queues on a real Kafka broker. */

import { describe } from 'vitest';
import { type Ability, allAbilities } from '../../src/queues/abilities.ts';
import { queueContract } from '../queues/contract.ts';
import { hasServer } from '../servers.ts';
import { kafkaServer } from './kafka-topics.ts';

const lacking: readonly Ability[] = ['ids', 'delay', 'batches', 'leases'];

describe.runIf(hasServer('kafka'))('queues on a broker', () => {
  const kafka = kafkaServer();

  queueContract('Kafka', {
    address: (partitions) => kafka.newTopic(partitions),
    deadOf: (address) => `${address}.dead`,
    abilities: new Set([...allAbilities].filter((ability) => !lacking.includes(ability))),
  });
});
