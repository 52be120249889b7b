import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../src/weblog/parse/ip-address.ts';
import { hashing, masking } from '../../../src/weblog/parse/redact.ts';

const address = { name: 'remote_addr', type: 'text', personal: 'address' } as const;
const user = { name: 'user', type: 'text', personal: 'name' } as const;
const mask = masking()(address);

describe('an address', () => {
  it.each([
    ['1.2.3.4', '1.2.3.0'],
    ['255.255.255.255', '255.255.255.0'],
    ['1.2.3.4:5678', '1.2.3.0'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['2001:DB8::1', '2001:db8::'],
    ['[2001:db8::1]:443', '2001:db8::'],
    ['fe80::1%eth0', 'fe80::'],
    ['::1', '::'],
    ['::ffff:1.2.3.4', '1.2.3.0'],
    ['::ffff:102:304', '1.2.3.0'],
    ['2002:c000:204::1', '2002:c000:200::'],
    ['64:ff9b::1.2.3.4', '64:ff9b::'],
    ['1.2.3.4, 2001:db8::1, x.example, 5.6.7.8', '1.2.3.0, 2001:db8::, 5.6.7.0'],
    ['host.example', ''],
    ['1.2.3.256', ''],
    ['1.2.3', ''],
    ['01.2.3.4', ''],
    ['1:2:3:4:5:6:7', ''],
    ['1::2::3', ''],
    ['1:2:3:4:5:6:7:8:9', ''],
    ['12345::', ''],
    ['for=1.2.3.4;proto=http', ''],
    ['unknown', ''],
  ])('%s is masked as %j', (text, expected) => {
    expect(mask?.(text)).toBe(expected);
  });

  it('is written as RFC 5952 says, and reads back', () => {
    expect(formatAddress([10, 0, 0, 1, 0, 0, 0, 5])).toBe('a:0:0:1::5');
    expect(formatAddress([1, 0, 2, 3, 4, 5, 6, 7])).toBe('1:0:2:3:4:5:6:7');
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        expect(parseAddress(formatAddress(groups))).toEqual(groups);
        expect(parseAddress(groups.map((one) => one.toString(16)).join(':'))).toEqual(groups);
      }),
    );
  });
});

describe('a hash', () => {
  it('is the same for the same address, however it is written, and another with another key', async () => {
    const hash = (await hashing(Buffer.from('key')))(address);
    const other = (await hashing(Buffer.from('other')))(address);
    // echo -n 1.2.3.4 | openssl dgst -sha256 -hmac key
    expect(hash?.('1.2.3.4')).toBe('3128a630bd9710c5');
    expect(hash?.('::ffff:1.2.3.4')).toBe(hash?.('1.2.3.4'));
    expect(hash?.('2001:DB8::0:1')).toBe(hash?.('2001:db8::1'));
    expect(hash?.('Host.Example')).toBe(hash?.('host.example'));
    expect(hash?.('1.2.3.4, ::1')).toBe(`${hash?.('1.2.3.4')}, ${hash?.('::1')}`);
    expect(other?.('1.2.3.4')).not.toBe(hash?.('1.2.3.4'));
  });
});

describe('a name', () => {
  it('is gone, or hashed', async () => {
    expect(masking()(user)?.('bob')).toBe('');
    expect((await hashing(Buffer.from('key')))(user)?.('bob')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is in no other column', () => {
    expect(masking()({ name: 'path', type: 'text' })).toBeUndefined();
  });
});
