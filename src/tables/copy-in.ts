/** COPY ... FROM STDIN with bytes that are there already. */

import type { Client } from 'pg';
import { pgCopyStreams } from '../load.ts';

export function copyIn(client: Client, statement: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(pgCopyStreams().from(statement));
    stream.on('error', reject);
    stream.end(bytes, () => resolve());
  });
}
