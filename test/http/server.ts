/** Real servers on loopback, on free ports, stopped after the test. */

import { createServer, type RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a server. @returns its address without a trailing slash: `http://127.0.0.1:12345` */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** The same with TLS, with a self-signed certificate; `pem` has key and certificate. */
export async function serveTls(pem: Buffer, listener: RequestListener): Promise<string> {
  return `https://127.0.0.1:${await listen(createTlsServer({ key: pem, cert: pem }, listener))}`;
}

/** A server that gives every request the same response. */
export function answer(
  body: string | Buffer,
  code = 200,
  headers: Record<string, string> = {},
): Promise<string> {
  return serve((_, response) => response.writeHead(code, headers).end(body));
}

/** A server that sends these bytes in response to every request, then closes the connection as told. */
export async function say(bytes: string, close: (socket: Socket) => void): Promise<string> {
  const port = await serveTcp((socket) => {
    socket.once('data', () => socket.write(bytes, () => close(socket)));
  });
  return `http://127.0.0.1:${port}`;
}

/** Starts a server of any protocol. @returns its port */
export function serveTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listen(server);
}

/** A loopback port where nobody listens, now or later: it is below the ephemeral range. */
export async function closedPort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 5000); ; port++) {
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if (server instanceof Server) server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return port;
}
