/**
 * Sends lines to a UDP port, several in a packet. Nobody waits for it, and what cannot be sent is lost: metrics are no
 * reason to hold up a schedule.
 */

import type { Socket } from 'node:dgram';
import { elapsedMs } from '../../async/clock.ts';
import { errorText } from '../../failure.ts';

/** Bytes of a packet that goes through every network whole. */
const MOST_BYTES = 1400;
/** How long a found address is used, and how long after a failure none is looked for. */
const KNOWN_MS = 60_000;
/** Lines that wait for the address. */
const MOST_LINES = 10_000;

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
  /** Undefined after a failure. */
  #found: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #problem = '';

  /** @param explain hears once why nothing can be sent */
  constructor(address: UdpAddress, explain: (message: string) => void) {
    this.#address = address;
    this.#explain = explain;
  }

  /** Sends a line soon. */
  add(line: string): void {
    if (this.#lines.length < MOST_LINES) this.#lines.push(line);
    this.#sending ??= this.#sendSoon();
  }

  /** Sends what waits. */
  async close(): Promise<void> {
    await this.#sending;
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** All lines of this turn go together, and what comes while they are being sent goes next. */
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

  /** A socket, when it is known where to send to. */
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
      // The address that was found before may still be right.
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
    if (packet !== '' && packet.length + line.length >= MOST_BYTES) {
      packets.push(packet);
      packet = '';
    }
    packet += packet === '' ? line : `\n${line}`;
  }
  return packet === '' ? packets : [...packets, packet];
}
