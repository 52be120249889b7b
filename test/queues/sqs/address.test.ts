import { describe, expect, it } from 'vitest';
import { deadNameOf, parseSqsAddress } from '../../../src/queues/sqs/address.ts';

describe('addresses of SQS', () => {
  it.each([
    ['sqs://posts', { name: 'posts', isFifo: false }, 'posts-dead'],
    ['sqs://a-b_1.fifo', { name: 'a-b_1.fifo', isFifo: true }, 'a-b_1-dead.fifo'],
    [
      'https://sqs.eu-west-1.amazonaws.com/123456789012/posts',
      {
        ...{ name: 'posts', isFifo: false, region: 'eu-west-1' },
        url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/posts',
      },
      'posts-dead',
    ],
    [
      'http://127.0.0.1:9324/000000000000/q.fifo',
      {
        ...{ name: 'q.fifo', isFifo: true, endpoint: 'http://127.0.0.1:9324' },
        url: 'http://127.0.0.1:9324/000000000000/q.fifo',
      },
      'q-dead.fifo',
    ],
  ])('%s', (text, address, dead) => {
    const parsed = parseSqsAddress(text);
    expect(parsed).toEqual({ ...address, shown: text });
    expect(deadNameOf(parsed)).toBe(dead);
  });

  it.each([
    ...['sqs:posts', 'sqs://', 'sqs://a/b', 'sqs://a.b', 'sqs://q#dead', `sqs://${'x'.repeat(81)}`],
    ...['http://host/q', 'https://host/123456789012/q?a=b', 'https://me:secret@host/123456789012/q'],
  ])('%s is none', (text) => {
    const written = text.replace('me:secret@', 'me:***@').replace('?a=b', '?a=***').replace('#dead', '#***');
    expect(() => parseSqsAddress(text)).toThrow(
      expect.objectContaining({
        status: 64,
        message: `${written}: malformed address (write sqs://NAME, sqs://NAME.fifo, or https://HOST/ACCOUNT/NAME)`,
      }),
    );
  });
});
