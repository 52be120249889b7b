/** Queues on a real Kafka broker. */

import { type Ability, allAbilities } from '../../src/queues/abilities.ts';
import { makeQueue } from '../../src/queues/open.ts';
import { queueContract } from '../queues/contract.ts';
import { server } from '../servers.ts';

const kafka = server('kafka');
const lacking: readonly Ability[] = ['ids', 'delay', 'batches', 'leases'];
const settings = {
  ...{ waitMs: 10_000, signal: new AbortController().signal, env: {} },
  ...{ now: Date.now, warn() {}, explain() {} },
};
const shape = { partitions: 1, replication: undefined, keep: undefined, maxBytes: undefined };

let topics = 0;

async function newTopic(partitions = 1): Promise<string> {
  const address = `kafka://${kafka.address().split(' ')[0]}/topic${topics++}`;
  await makeQueue(address, { ...shape, partitions }, settings);
  return address;
}

queueContract('Kafka', {
  address: newTopic,
  deadOf: (address) => `${address}.dead`,
  abilities: new Set([...allAbilities].filter((ability) => !lacking.includes(ability))),
});
