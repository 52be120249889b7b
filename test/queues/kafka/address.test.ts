import { expect, it } from 'vitest';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';

it('decodes the user', () => {
  expect(parseKafkaAddress('kafka://a%40b@h/t')).toMatchObject({
    ...{ user: 'a@b', brokers: [{ host: 'h', port: 9092 }] },
  });
});

it('is a usage error, not a bug, for a user that cannot be decoded', () => {
  expect(() => parseKafkaAddress('kafka://a%zz@h/t')).toThrow(/malformed address/);
});

it('names brokers, with or without ports', () => {
  expect(parseKafkaAddress('kafka://a,b.example:9093,[::1],[fe80::1]:9094/t').brokers).toEqual([
    { host: 'a', port: 9092 },
    { host: 'b.example', port: 9093 },
    { host: '::1', port: 9092 },
    { host: 'fe80::1', port: 9094 },
  ]);
});

it.each([
  ...['kafka://,/t', 'kafka://a,/t', 'kafka://a,:9092/t', 'kafka://a:9092,b:65536/t'],
  ...['kafka://a:b/t', 'kafka://::1/t', 'kafka://[::1/t', 'kafka://a/t#dead'],
])('does not take %s', (address) => {
  expect(() => parseKafkaAddress(address)).toThrow(/malformed address/);
});
