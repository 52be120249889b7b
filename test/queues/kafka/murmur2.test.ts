import { expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../../src/queues/kafka/murmur2.ts';

it('hashes as the test of Kafka says', () => {
  const published = {
    '21': -973932308,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  };
  for (const [text, hash] of Object.entries(published)) expect(murmur2(Buffer.from(text))).toBe(hash);
});

it('keeps within the partitions, whatever the sign of the hash', () => {
  for (let at = 0; at < 1000; at++) {
    const partition = partitionOf(Buffer.from(`key ${at}`), 7);
    expect(partition).toBeGreaterThanOrEqual(0);
    expect(partition).toBeLessThan(7);
  }
});
