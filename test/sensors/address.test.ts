import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/sensors/address.ts';

describe('parseAddress', () => {
  it('parts the scheme from the rest, over all its lines', () => {
    expect(parseAddress('EXEC:a:b\nc')).toMatchObject({ scheme: 'exec', rest: 'a:b\nc' });
  });

  it.each(['', 'attic', './attic', ':x', '1w:x'])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow('not a sensor');
  });
});
