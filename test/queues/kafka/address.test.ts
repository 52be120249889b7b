import { expect, it } from 'vitest';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';

it('decodes the user', () => {
  expect(parseKafkaAddress('kafka://a%40b@h/t')).toMatchObject({ user: 'a@b', brokers: ['h:9092'] });
});

it('is a usage error, not a bug, for a user that cannot be decoded', () => {
  expect(() => parseKafkaAddress('kafka://a%zz@h/t')).toThrow(/malformed address/);
});
