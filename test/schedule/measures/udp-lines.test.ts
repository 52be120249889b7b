import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseUdpAddress, UdpLines } from '../../../src/schedule/measures/udp-lines.ts';

/** A server, and what it gets. */
async function listening(type: 'udp4' | 'udp6' = 'udp4', host = '127.0.0.1') {
  const socket = createSocket(type).bind(0, host);
  onTestFinished(() => void socket.close());
  await once(socket, 'listening');
  const packets: string[] = [];
  socket.on('message', (bytes) => packets.push(bytes.toString()));
  return { packets, socket, address: { host, port: socket.address().port } };
}

describe('UdpLines', () => {
  it('sends the lines of one turn together', async () => {
    const { packets, socket, address } = await listening();
    const lines = new UdpLines(address, () => {});
    lines.add('a:1|c');
    lines.add('b:2|g');
    await once(socket, 'message');
    await lines.close();
    expect(packets).toEqual(['a:1|c\nb:2|g']);
  });

  it('sends no packet that a network would divide, and all lines before it is closed', async () => {
    const { packets, socket, address } = await listening('udp6', '::1');
    const lines = new UdpLines(address, () => {});
    const all = Array.from({ length: 100 }, (_, at) => `${at}`.padStart(99, '0'));
    for (const line of all) lines.add(line);
    await lines.close();
    while (packets.length < 8) await once(socket, 'message');
    expect(packets.map(({ length }) => length)).toEqual([...Array(7).fill(1399), 199]);
    expect(packets.join('\n').split('\n')).toEqual(all);
  });

  it('sends before it is closed also what is added while others are being sent', async () => {
    const { packets, socket, address } = await listening();
    let late: string | undefined = 'late:1|c';
    const lines = new UdpLines(
      {
        host: address.host,
        // It is asked for when a packet is sent.
        get port() {
          if (late !== undefined) lines.add(late);
          late = undefined;
          return address.port;
        },
      },
      () => {},
    );
    lines.add('first:1|c');
    await lines.close();
    while (packets.length < 2) await once(socket, 'message');
    expect(packets).toEqual(['first:1|c', 'late:1|c']);
  });

  it('fails nowhere, and says once that it cannot send', async () => {
    const said: string[] = [];
    const lines = new UdpLines({ host: 'no-such-host.invalid', port: 8125 }, (message) => said.push(message));
    for (let turn = 0; turn < 3; turn++) {
      lines.add('a:1|c');
      await lines.close();
    }
    expect(said).toEqual([expect.stringMatching(/^no-such-host\.invalid:8125: no metrics are sent: /)]);
  });

  it('does not mind that nobody listens', async () => {
    const { address, socket } = await listening();
    const lines = new UdpLines(address, () => {});
    lines.add('a:1|c');
    await once(socket, 'message');
    for (let turn = 0; turn < 3; turn++) {
      lines.add('a:1|c');
      await lines.close();
    }
  });
});

describe('parseUdpAddress', () => {
  it.each([
    ['localhost:8125', 'localhost', 8125],
    ['10.0.0.1:1', '10.0.0.1', 1],
    ['[::1]:65535', '::1', 65_535],
  ])('reads %s', (text, host, port) => {
    expect(parseUdpAddress(text)).toEqual({ host, port });
  });

  it.each(['', 'localhost', ':8125', 'a:0', 'a:65536', '::1:8125', 'a:b'])('refuses %j', (text) => {
    expect(() => parseUdpAddress(text)).toThrow('not HOST:PORT: ');
  });
});
