/** A real Pub/Sub server for the tests of a file; each test has its own topics. */

import { PubSub } from '@google-cloud/pubsub';
import { onTestFinished } from 'vitest';
import type { Shape } from '../../src/queues/driver.ts';
import { makeQueue, openQueue } from '../../src/queues/open.ts';
import type { Queue } from '../../src/queues/queue.ts';
import { type Ended, type RunOptions, run, start } from '../harness.ts';
import { hasServer, server } from '../servers.ts';

export const PROJECT = 'test-project';
const anyShape: Shape = {
  partitions: undefined,
  replication: undefined,
  keep: undefined,
  maxBytes: undefined,
};

// Keeps Google's client from probing for a metadata server, with a warning.
process.env.METADATA_SERVER_DETECTION = 'none';

export function hasPubsub(): boolean {
  return hasServer('pubsub');
}

/** A Pub/Sub server for the duration of the test file. */
export function pubsubServer() {
  const emulator = server('pubsub');
  let topics = 0;
  const env = () => ({ PUBSUB_EMULATOR_HOST: emulator.address() });
  const settings = (host = emulator.address()) => ({
    ...{ waitMs: 10_000, signal: new AbortController().signal, env: { PUBSUB_EMULATOR_HOST: host } },
    ...{ now: () => Date.now(), warn() {}, explain() {} },
  });
  return {
    env,
    host: () => emulator.address(),
    settings,
    /** The address of a topic that does not exist. */
    missing: () => `pubsub://${PROJECT}/topic${topics++}`,
    /** The address of a new topic, created by queue-make. */
    async newTopic(): Promise<string> {
      const address = `pubsub://${PROJECT}/topic${topics++}`;
      await makeQueue(address, anyShape, settings());
      return address;
    },
    async open(address: string): Promise<Queue> {
      const queue = await openQueue(address, settings());
      onTestFinished(() => queue.close());
      return queue;
    },
    /** Google's own client library. */
    client(): PubSub {
      const client = new PubSub({ projectId: PROJECT, apiEndpoint: emulator.address(), emulatorMode: true });
      onTestFinished(() => client.close());
      return client;
    },
    /** Runs a tool to completion. */
    tool: (name: string, words: readonly string[], options: RunOptions = {}): Promise<Ended> =>
      run(name, words, { ...options, env: { ...env(), ...options.env } }),
    start: (name: string, words: readonly string[], options: RunOptions = {}) =>
      start(name, words, { ...options, env: { ...env(), ...options.env } }),
  };
}

/** The topic's name within its project. */
export function topicOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}
