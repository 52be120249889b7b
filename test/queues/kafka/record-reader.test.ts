/** What is read of batches as they lie in the log. */

import { expect, it } from 'vitest';
import { RecordBatch } from '../../../src/queues/kafka/record-batch.ts';
import { readRecords } from '../../../src/queues/kafka/record-reader.ts';

function bytesOf(headers: Readonly<Record<string, string>>): Buffer {
  const batch = new RecordBatch(0);
  batch.add(0, { body: Buffer.from('a'), headers }, undefined);
  batch.finish(1, 0, undefined);
  return batch.stamped({ producerId: 1n, epoch: 0, sequence: 0 }, () => 0);
}

it('reads headers of any name', () => {
  const headers = Object.fromEntries([
    ['__proto__', 'p'],
    ['b', ''],
  ]);
  const { messages } = readRecords(bytesOf(headers), { from: 0, aborted: [], decompress: (all) => all });
  expect(Object.entries(messages[0]?.headers ?? {})).toEqual(Object.entries(headers));
});

it('keys and headers of any bytes are told from text, and are stored as the same bytes', () => {
  const headers = { h: 'x\udcfe', 'n\udcff': '\ufffd' };
  const { messages } = readRecords(bytesOf(headers), { from: 0, aborted: [], decompress: (all) => all });
  expect(messages[0]?.headers).toEqual(headers);
  expect(bytesOf(headers).includes(Buffer.of(0x78, 0xfe))).toBe(true);
});
