/** Reads the messages of a topic over a persistent connection, and reconnects when it is lost. */

import type { Socket } from 'node:net';
import type { MqttClient } from 'mqtt';
import { elapsedMs } from '../../async/clock.ts';
import { backOff, retry } from '../../async/retry.ts';
import { Failure, isTemporary, status } from '../../failure.ts';
import { mqttFailure } from './mqtt-failure.ts';

const MAX_BYTES = 1 << 20;
/** MAX_BYTES plus the rest of a packet: a topic of up to 64 KiB, and as much of other packets in the same chunk. */
const MAX_PACKET_BYTES = MAX_BYTES + (2 << 16);
const CONNECT_MS = 10_000;
const FAREWELL_MS = 500;

/** A topic of a broker. */
export interface Topic {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly username?: string;
  readonly password?: string | undefined;
  readonly name: string;
  /** The address for messages. */
  readonly shown: string;
}

export interface Message {
  readonly payload: Uint8Array;
  /** Milliseconds since it arrived; undefined for a retained message. */
  readonly ageMs: number | undefined;
}

interface Arrival {
  readonly payload: Uint8Array;
  readonly isRetained: boolean;
  /** Elapsed milliseconds. */
  readonly at: number;
}

interface Wait {
  take(arrival: Arrival): void;
  fail(error: unknown): void;
}

export class TopicReader {
  readonly #topic: Topic;
  readonly #end = new AbortController();
  /** The last message that arrived between readings. */
  #kept: Arrival | undefined;
  #wait: Wait | undefined;
  #client: MqttClient | undefined;
  #connected: Promise<MqttClient> | undefined;

  constructor(topic: Topic) {
    this.#topic = topic;
  }

  /**
   * The last message since the previous one, the retained one, or the next one.
   *
   * @param maxAgeMs maximum age; rules out retained messages
   * @throws Failure (temporary, unavailable); the signal's reason as soon as it is aborted
   */
  async next(signal: AbortSignal, maxAgeMs?: number): Promise<Message> {
    signal.throwIfAborted();
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined && elapsedMs() - kept.at <= (maxAgeMs ?? Number.POSITIVE_INFINITY))
      return { payload: kept.payload, ageMs: elapsedMs() - kept.at };
    const abort = () => this.#wait?.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { payload, isRetained, at } = await this.#arrival(maxAgeMs === undefined);
      return { payload, ageMs: isRetained ? undefined : elapsedMs() - at };
    } finally {
      signal.removeEventListener('abort', abort);
      this.#wait = undefined;
    }
  }

  /** Never throws. */
  async close(): Promise<void> {
    this.#end.abort();
    const client = this.#client;
    if (client === undefined) return;
    // A broker that is gone does not answer.
    const timer = setTimeout(() => client.stream.destroy(), FAREWELL_MS);
    await new Promise((resolve) => client.end(!client.connected, resolve));
    clearTimeout(timer);
  }

  #arrival(takesRetained: boolean): Promise<Arrival> {
    return new Promise((resolve, reject) => {
      this.#wait = {
        take: (arrival) => (takesRetained || !arrival.isRetained) && resolve(arrival),
        fail: reject,
      };
      // Each subscription makes the broker send the retained message again.
      this.#subscribe().catch(reject);
    });
  }

  async #subscribe(): Promise<void> {
    const client = await this.#connection();
    try {
      await client.subscribeAsync(this.#topic.name, { qos: 1 });
    } catch (error) {
      throw mqttFailure(this.#topic.shown, error);
    }
  }

  #connection(): Promise<MqttClient> {
    this.#connected ??= this.#connect().catch((error) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  async #connect(): Promise<MqttClient> {
    const { MqttClient } = await import('./library.ts');
    const openSocket = await connector(this.#topic);
    this.#end.signal.throwIfAborted();
    const { username, password } = this.#topic;
    const client = new MqttClient(openSocket, {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      clientId: `etlutils_${crypto.randomUUID().slice(0, 13)}`,
      connectTimeout: CONNECT_MS,
      // Filling the cache would take longer than everything it speeds up.
      writeCache: false,
      // Reconnects are done here, so that failures reach whoever waits.
      reconnectPeriod: 0,
    });
    this.#client = client;
    limitPackets(client, () => client.emit('error', this.#tooLarge()));
    client.on('message', (_, payload, { retain }) =>
      this.#take({ payload, isRetained: retain, at: elapsedMs() }),
    );
    let wasConnected = false;
    return new Promise((resolve, reject) => {
      client.on('connect', () => {
        wasConnected = true;
        resolve(client);
      });
      const lose = (failure: Failure) => {
        reject(failure);
        this.#lose(client, failure);
        if (wasConnected) this.#reconnect();
        wasConnected = false;
      };
      client.on('error', (error) => lose(mqttFailure(this.#topic.shown, error)));
      client.on('close', () => lose(new Failure(status.temporary, `${this.#topic.shown}: connection lost`)));
    });
  }

  #take(arrival: Arrival): void {
    if (arrival.payload.length > MAX_BYTES) this.#wait?.fail(this.#tooLarge());
    else if (this.#wait !== undefined) this.#wait.take(arrival);
    // The age of a retained message is unknown.
    else if (!arrival.isRetained) this.#kept = arrival;
  }

  #tooLarge(): Failure {
    return new Failure(status.unavailable, `${this.#topic.shown}: the message is larger than 1 MiB`);
  }

  #lose(client: MqttClient, failure: Failure): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#connected = undefined;
    client.end(true);
    this.#wait?.fail(failure);
  }

  /** Reconnects so that no message is missed before the next reading, which reports any failure. */
  #reconnect(): void {
    const { signal } = this.#end;
    if (signal.aborted) return;
    retry(() => this.#subscribe(), { pause: backOff, signal, isTransient: isTemporary }).catch(() => {});
  }
}

/** Opens a socket to the broker. */
async function connector({ host, port, isSecure }: Topic): Promise<() => Socket> {
  const { connect, isIP } = await import('node:net');
  if (!isSecure) return () => connect({ host, port });
  const tls = await import('node:tls');
  return () => tls.connect({ host, port, ...(isIP(host) === 0 && { servername: host }) });
}

/** Calls `exceed` when a packet is too large. The library would buffer up to 256 MiB. */
function limitPackets(client: MqttClient, exceed: () => void): void {
  let bytes = 0;
  client.on('packetreceive', () => {
    bytes = 0;
  });
  client.stream.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MAX_PACKET_BYTES) exceed();
  });
}
