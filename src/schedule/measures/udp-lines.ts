/**
 * Sends lines to a UDP port, several in a packet. Best effort: lines that cannot be sent are dropped, since metrics must not hold
 * up a schedule.
 */

import type { Socket } from 'node:dgram';
import { elapsedMs } from '../../async/clock.ts';
import { errorText } from '../../failure.ts';

/** Bytes of a packet that common networks do not fragment. */
const MAX_BYTES = 1400;
/** How long a DNS result is cached, and how long a failure. */
const KNOWN_MS = 60_000;
/** Maximum lines that wait to be sent; more are dropped. */
const MAX_LINES = 10_000;

export interface UdpAddress {
  readonly host: string;
  readonly port: number;
}

/** @throws Error with a message for the user */
export function parseUdpAddress(text: string): UdpAddress {
  const [, bracketed, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? name;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new Error(`not HOST:PORT: ${JSON.stringify(text)}`);
}

export class UdpLines {
  readonly #address: UdpAddress;
  readonly #explain: (message: string) => void;
  #lines: string[] = [];
  #sending: Promise<void> | undefined;
  #socket: Socket | undefined;
  /** The resolved address; undefined before the first success. */
  #found: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #problem = '';

  /** @param explain called once for each new reason why nothing can be sent */
  constructor(address: UdpAddress, explain: (message: string) => void) {
    this.#address = address;
    this.#explain = explain;
  }

  /** Sends a line soon. */
  add(line: string): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(line);
    this.#sending ??= this.#sendSoon();
  }

  /** Sends what waits, and closes the socket. */
  async close(): Promise<void> {
    await this.#sending;
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Sends all lines of this turn together, then those that came meanwhile. */
  async #sendSoon(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#lines.length > 0) {
        const socket = await this.#ready();
        const packets = packetsOf(this.#lines);
        this.#lines = [];
        if (socket !== undefined) await Promise.all(packets.map((packet) => this.#send(socket, packet)));
      }
    } finally {
      this.#sending = undefined;
    }
  }

  /** A socket, once the address is resolved. */
  async #ready(): Promise<Socket | undefined> {
    const now = elapsedMs();
    if (now - this.#lookedAt < KNOWN_MS) return this.#socket;
    this.#lookedAt = now;
    try {
      const { lookup } = await import('node:dns/promises');
      const { address, family } = await lookup(this.#address.host);
      if (address === this.#found) return this.#socket;
      const { createSocket } = await import('node:dgram');
      this.#socket?.close();
      this.#found = address;
      this.#socket = createSocket(family === 6 ? 'udp6' : 'udp4').unref();
      this.#socket.on('error', (error) => this.#fail(error));
    } catch (error) {
      // An address resolved earlier may still be right.
      this.#fail(error);
    }
    return this.#socket;
  }

  #send(socket: Socket, packet: string): Promise<void> {
    return new Promise((resolve) => {
      socket.send(packet, this.#address.port, this.#found, (error) => {
        if (error !== null) this.#fail(error);
        resolve();
      });
    });
  }

  #fail(error: unknown): void {
    const problem = errorText(error);
    if (problem !== this.#problem)
      this.#explain(`${this.#address.host}:${this.#address.port}: no metrics are sent: ${problem}`);
    this.#problem = problem;
  }
}

function packetsOf(lines: readonly string[]): string[] {
  const packets: string[] = [];
  let packet = '';
  for (const line of lines) {
    if (packet !== '' && packet.length + line.length >= MAX_BYTES) {
      packets.push(packet);
      packet = '';
    }
    packet += packet === '' ? line : `\n${line}`;
  }
  return packet === '' ? packets : [...packets, packet];
}
