/** A Kafka cluster: connections, requests, topic metadata, and retries. */

import type { Admin, API, Broker, Connection, ConnectionPool } from '@platformatic/kafka';
import { backOff, retry } from '../../async/retry.ts';
import { Failure, status } from '../../failure.ts';
import type { QueueSettings } from '../driver.ts';
import type { KafkaAddress } from './address.ts';
import { isPassing, kafkaFailure } from './failure.ts';
import { type Topic, topicInError } from './metadata.ts';

/** The coordinator's key type: groups, not transactions. */
const GROUP = 0;

export type { Topic };

export type Library = typeof import('./library.ts');

/** Separate connections: a request that the broker holds open blocks those behind it. */
export type Purpose = 'answers' | 'group' | 'fetch';

interface Client {
  readonly library: Library;
  readonly admin: Admin;
  readonly pools: Readonly<Record<Purpose, ConnectionPool>>;
}

export class Cluster {
  readonly address: KafkaAddress;
  readonly settings: QueueSettings;
  #client: Promise<Client> | undefined;

  constructor(address: KafkaAddress, settings: QueueSettings) {
    this.address = address;
    this.settings = settings;
  }

  get shown(): string {
    return this.address.shown;
  }

  async library(): Promise<Library> {
    return (await this.#open()).library;
  }

  async admin(): Promise<Admin> {
    return (await this.#open()).admin;
  }

  /** Sends a request to a broker, or to any. @throws errors of the library */
  async call<Answer>(
    broker: Broker | undefined,
    name: string,
    args: readonly unknown[],
    purpose: Purpose = 'answers',
  ): Promise<Answer> {
    const { admin, library } = await this.#open();
    const api = await this.#api<Answer>(name);
    const connection =
      broker === undefined
        ? await answer<Connection>((done) => admin[library.kGetBootstrapConnection](done))
        : await this.connection(broker, purpose);
    return api.async(connection, ...args);
  }

  /** The broker that coordinates a group. */
  async coordinator(group: string): Promise<Broker> {
    const { coordinators } = await this.call<{ coordinators: Broker[] }>(undefined, 'FindCoordinator', [
      GROUP,
      [group],
    ]);
    const [found] = coordinators;
    if (found === undefined) throw new Failure(status.temporary, `${this.shown}: no coordinator`);
    return found;
  }

  async connection(broker: Broker, purpose: Purpose = 'answers'): Promise<Connection> {
    return (await this.#open()).pools[purpose].get(broker);
  }

  /** The latest version of a request that both brokers and library support. */
  async version(name: string): Promise<number> {
    return (await this.#api(name)).version;
  }

  /**
   * The metadata of a topic. @param isFresh whether to bypass the cache @throws Failure (unavailable) when it is
   * missing
   */
  async topic(name: string, isFresh = false): Promise<Topic> {
    const admin = await this.admin();
    if (isFresh) admin.clearMetadata();
    try {
      const { topics, brokers } = await admin.metadata({ topics: [name] });
      const found = topics.get(name);
      if (found === undefined) throw new Failure(status.temporary, `${this.shown}: no metadata`);
      return {
        ...{ name, id: found.id },
        partitions: found.partitions.map(({ leader, replicas, isr }) => ({
          leader: brokers.get(leader),
          replicas: replicas.length,
          inSync: isr.length,
        })),
      };
    } catch (error) {
      if (error instanceof Error && /^Unknown topic/.test(error.message)) throw this.#missing(name);
      const found = topicInError(error, name);
      if (found === undefined) throw error;
      return found;
    }
  }

  #missing(name: string): Failure {
    const own = this.address.topic;
    // `queue-make` makes the dead-letter topic together with its topic.
    const queue = this.address.withTopic(name === `${own}.dead` ? own : name);
    return new MissingTopic(`${this.shown}: no topic ${name} (make it: queue-make '${queue}')`);
  }

  /** Retries until the wait is over. @throws Failure */
  async persist<Result>(work: () => Promise<Result>): Promise<Result> {
    const { waitMs, signal } = this.settings;
    const pause = (tried: number, leftMs: number) => Math.min(20 + backOff(tried, leftMs), 1000);
    try {
      return await retry(work, {
        ...{ timeoutMs: waitMs, pause, signal, isTransient: isPassing },
        onRetry: () => void this.admin().then((admin) => admin.clearMetadata()),
      });
    } catch (error) {
      throw kafkaFailure(this.shown, error);
    }
  }

  async #api<Answer>(name: string): Promise<API<unknown[], Answer>> {
    const { admin, library } = await this.#open();
    return answer((done) => admin[library.kGetApi](name, done));
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    if (client === undefined) return;
    const { admin, pools } = client;
    await Promise.all([admin.close(), pools.group.close(), pools.fetch.close()]).catch(() => {});
  }

  #open(): Promise<Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const options = this.#options();
    const library = await import('./library.ts');
    const admin = new library.Admin(options);
    const patient = { ...options, requestTimeout: 120_000 };
    const pools = {
      answers: admin.connections,
      group: new library.ConnectionPool(options.clientId, patient),
      fetch: new library.ConnectionPool(options.clientId, options),
    };
    return { library, admin, pools };
  }

  #options() {
    const { brokers, hasTls, user, mechanism, shown } = this.address;
    const { env, waitMs } = this.settings;
    const password = env.ETL_KAFKA_PASSWORD;
    if (user !== undefined && password === undefined)
      throw new Failure(status.config, `${shown}: $ETL_KAFKA_PASSWORD is not set`);
    const timeoutMs = Math.min(Math.max(waitMs, 1000), 30_000);
    return {
      ...{ clientId: 'etlutils', bootstrapBrokers: [...brokers], retries: 0, strict: false },
      ...{ connectTimeout: Math.min(timeoutMs, 5000), requestTimeout: timeoutMs, metadataMaxAge: 60_000 },
      ...(hasTls && { tls: {}, tlsServerName: true }),
      ...(user !== undefined && { sasl: { mechanism, username: user, password: password ?? '' } }),
    };
  }
}

export class MissingTopic extends Failure {
  constructor(message: string) {
    super(status.unavailable, message);
  }
}

/** Promisifies a callback of the library. */
function answer<Result>(
  ask: (done: (error: Error | null, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) =>
    ask((error, result) => (error ? reject(error) : resolve(result as Result))),
  );
}
