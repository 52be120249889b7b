/** A proxy whose connections to a server can be broken. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { closedPort } from '../http/server.ts';

export interface TcpProxy {
  /** HOST:PORT */
  readonly address: string;
  /** Closes all connections, and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** @param target HOST:PORT of a server */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const [host, targetPort] = target.split(':');
  const sockets = new Set<Socket>();
  const join = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    return socket;
  };
  const server = createServer((client) => {
    const upstream = join(connect(Number(targetPort), host));
    join(client).pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  // Not an ephemeral port, which the system could give to another process while the connection is cut.
  const port = await closedPort();
  const mend = async () => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  };
  await mend();
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(() => (server.listening ? cut() : undefined));
  return { address: `127.0.0.1:${port}`, cut, mend };
}
