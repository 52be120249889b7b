/** Queues on a real Kafka broker. */

import { type Ability, allAbilities } from '../../src/queues/abilities.ts';
import { queueContract } from '../queues/contract.ts';
import { kafkaServer } from './kafka-topics.ts';

const kafka = kafkaServer();
const lacking: readonly Ability[] = ['ids', 'delay', 'batches', 'leases'];

queueContract('Kafka', {
  address: (partitions) => kafka.newTopic(partitions),
  deadOf: (address) => `${address}.dead`,
  abilities: new Set([...allAbilities].filter((ability) => !lacking.includes(ability))),
});
