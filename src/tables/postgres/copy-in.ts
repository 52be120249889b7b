/** COPY ... FROM STDIN with bytes that are there already. */

import type { Client } from 'pg';
import { pgCopyStreams } from '../../load.ts';

/** The server begins with a message when it has all of it. */
const MESSAGE = 1 << 16;

export function copyIn(client: Client, statement: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(pgCopyStreams().from(statement));
    stream.on('error', reject);
    // Without waiting: they are in memory anyway.
    for (let at = 0; at < bytes.length; at += MESSAGE) stream.write(bytes.subarray(at, at + MESSAGE));
    stream.end(() => resolve());
  });
}
