import { describe, expect, it } from 'vitest';
import { parseAddress, showAddress } from '../../src/sensors/address.ts';

describe('showAddress', () => {
  it.each([
    ['sim:attic', 'sim:attic'],
    ['http://me:secret@host/a@b?c=d@e', 'http://me:***@host/a@b?c=d@e'],
    ['http://me:se@cret@host/', 'http://me:***@host/'],
    ['http://:secret@host/', 'http://:***@host/'],
    ['http://me@host/', 'http://me@host/'],
    ['http://me:sec/ret@host/', 'http://***@host/'],
    ['exec:curl http://me:secret@host/ | jq', 'exec:curl http://me:***@host/ | jq'],
    ['exec:a\nb\u001b[31m', 'exec:a b [31m'],
  ])('shows %j as %j', (text, shown) => {
    expect(showAddress(text)).toBe(shown);
  });

  it('cuts a long one short', () => {
    expect(showAddress(`exec:${'x'.repeat(1000)}`).length).toBeLessThan(150);
  });
});

describe('parseAddress', () => {
  it('parts the scheme from the rest, over all its lines', () => {
    expect(parseAddress('EXEC:a:b\nc')).toMatchObject({ scheme: 'exec', rest: 'a:b\nc' });
  });

  it.each(['', 'attic', './attic', ':x', '1w:x'])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow('not a sensor');
  });
});
