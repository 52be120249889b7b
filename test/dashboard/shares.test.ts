import { expect, it } from 'vitest';
import { clientOf, Shares } from '../../src/dashboard/shares.ts';

it('one client gets its share, and all together no more than there is', () => {
  const shares = new Shares({ all: 5, each: 2 });
  expect([shares.take('a'), shares.take('a'), shares.take('a')]).toEqual([undefined, undefined, 'each']);
  expect([shares.take('b', 2), shares.take('c', 2), shares.take('c')]).toEqual([undefined, 'all', undefined]);
  shares.give('a');
  expect(shares.all).toBe(4);
  expect([shares.take('c'), shares.take('d')]).toEqual([undefined, 'all']);
  expect(() => shares.mustTake('d', 'listeners')).toThrow(
    expect.objectContaining({ status: 503, message: 'listeners: too many' }),
  );
  expect(() => shares.mustTake('c', 'listeners')).toThrow(
    expect.objectContaining({ status: 429, message: 'listeners: too many from one address' }),
  );
});

it.each([
  ['192.168.1.5', '192.168.1.5'],
  ['::ffff:192.168.1.5', '192.168.1.5'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1'],
  ['2001:db8:0:1::', '2001:db8:0:1'],
  ['2001:0DB8::1:2:3:4:5', '2001:db8:0:1'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['nobody', 'nobody'],
])('%s is of the client %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});
