/** A minimal MQTT broker for one topic, in the test's own process. */

import type { Socket } from 'node:net';
import { serveTcp } from '../http/server.ts';

interface Behaviour {
  /** The return code for a login, 0 for success; `none` for no response. */
  readonly login?: number | 'none';
  /** The return code for a subscription: the granted quality of service, or 128 for a refusal. */
  readonly granted?: number;
  readonly retained?: string;
  /** Called when a client has subscribed. */
  onSubscribed?(socket: Socket): void;
  /** Called with the packet of each login. */
  onLogin?(packet: Buffer): void;
}

/** @returns its address, without the topic */
export async function broker(behaviour: Behaviour): Promise<string> {
  const { login = 0, granted = 1, retained, onSubscribed, onLogin } = behaviour;
  const port = await serveTcp((socket) => {
    // Clients wait for each response, so packets never arrive together.
    socket.on('data', (packet) => {
      if (packet[0] === 0x10) {
        onLogin?.(packet);
        if (login !== 'none') socket.write(Buffer.of(0x20, 2, 0, login));
      } else if (packet[0] === 0x82) {
        socket.write(Buffer.of(0x90, 3, packet[2] ?? 0, packet[3] ?? 0, granted));
        if (retained !== undefined) socket.write(publish('attic', retained, 0x31));
        onSubscribed?.(socket);
      }
    });
  });
  return `mqtt://127.0.0.1:${port}`;
}

/** A PUBLISH packet. @param flags 0x30, plus 1 if it was retained */
export function publish(topic: string, payload: string, flags = 0x30): Buffer {
  const body = Buffer.from(`\0${String.fromCharCode(topic.length)}${topic}${payload}`);
  return Buffer.concat([Buffer.of(flags, ...lengthBytes(body.length)), body]);
}

/** MQTT's variable-length encoding: seven bits per byte, lowest first. */
function lengthBytes(length: number): number[] {
  return length < 128 ? [length] : [(length % 128) + 128, ...lengthBytes(Math.floor(length / 128))];
}
