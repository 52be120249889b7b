/** COPY ... FROM STDIN with bytes from memory. */

import type { Client } from 'pg';
import { pgCopyStreams } from '../../load.ts';

/** Bytes per message: the server starts on a message when it is complete. */
const MESSAGE = 1 << 16;

/** Runs a COPY statement with these bytes as its input. @throws the server's error */
export function copyIn(client: Client, statement: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(pgCopyStreams().from(statement));
    stream.on('error', reject);
    // Ignores back pressure: the bytes are in memory anyway.
    for (let at = 0; at < bytes.length; at += MESSAGE) stream.write(bytes.subarray(at, at + MESSAGE));
    stream.end(() => resolve());
  });
}
