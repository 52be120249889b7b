/**
 * Prints ports that are free for TCP and UDP on 127.0.0.1, on one line.
 *
 *     node free-ports.js [COUNT]
 *
 * They are below the ephemeral range: a server that starts later, or restarts after a crash, must not find its port taken by a
 * process that asked for any port (port 0, or a connection).
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const count = Number(process.argv[2] ?? 1);
const HOST = '127.0.0.1';
const LOWEST = 10_000;

/** The first ephemeral port. */
function rangeStart() {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t')[0]);
  } catch {
    // The IANA range, for systems without /proc.
    return 49_152;
  }
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer();
  const socket = createSocket('udp4');
  try {
    await once(server.listen(port, HOST), 'listening');
    socket.bind(port, HOST);
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
    socket.close();
  }
}

const many = rangeStart() - LOWEST;
if (!(many >= 1000)) throw new Error(`too few ports between ${LOWEST} and those that the system gives away`);

/** @type {Set<number>} */
const free = new Set();
while (free.size < count) {
  const port = LOWEST + Math.floor(Math.random() * many);
  if (await isFree(port)) free.add(port);
}
process.stdout.write(`${[...free].join(' ')}\n`);
