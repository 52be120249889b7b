/** Topics on a real Kafka broker, for the tests of a file. */

import { it as test } from 'vitest';
import { makeQueue } from '../../src/queues/open.ts';
import { shell } from '../harness.ts';
import { hasServer, printed, type Server, server } from '../servers.ts';

const settings = {
  ...{ waitMs: 30_000, signal: new AbortController().signal, env: {} },
  ...{ now: Date.now, warn() {}, explain() {} },
};

/** A test that needs Kafka; in CI it must be there. */
export const it = test.runIf(hasServer('kafka'));

let topics = 0;

export interface Kafka extends Pick<Server, 'tell'> {
  /** HOST:PORT of its brokers, without authentication. */
  brokers(): string;
  /** Those that require a user. */
  guarded(): string;
  /** The address of a new topic. */
  newTopic(partitions?: number, parameters?: string): Promise<string>;
}

/** A Kafka server for the duration of the test file. */
export function kafkaServer(brokers = 1): Kafka {
  const kafka = server('kafka', String(brokers));
  return {
    tell: (command) => kafka.tell(command),
    brokers: () => kafka.address().split(' ')[0] ?? '',
    guarded: () => kafka.address().split(' ')[1] ?? '',
    async newTopic(partitions = 1, parameters = '') {
      const address = `kafka://${this.brokers()}/topic${topics++}${parameters}`;
      const shape = { partitions, replication: undefined, keep: undefined, maxBytes: undefined };
      await makeQueue(address, shape, settings);
      return address;
    },
  };
}

export function topicOf(address: string): string {
  return /\/([^/?]+)(?:\?.*)?$/.exec(address)?.[1] ?? '';
}

/** Runs one of Kafka's own commands, by class name. @returns its output */
export async function kafkaCommand(name: string, words: string): Promise<string> {
  const java = `java -Xmx128m -XX:TieredStopAtLevel=1 -cp '${printed('kafka', 'home')}/*'`;
  const { status, stdout, stderr } = await shell(`${java} org.apache.kafka.tools.${name} ${words}`);
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}
