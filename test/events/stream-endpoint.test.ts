import { describe, expect, it } from 'vitest';
import { sinceUrl } from '../../src/events/stream-endpoint.ts';

describe('the address since a time', () => {
  it.each([
    ['http://host/s', 'http://host/s?since=2023-11-14T22%3A13%3A20Z'],
    ['http://host/s?a=b%20c&d=e,f', 'http://host/s?a=b%20c&d=e,f&since=2023-11-14T22%3A13%3A20Z'],
    ['http://host/s?since=x&a=b', 'http://host/s?since=2023-11-14T22%3A13%3A20Z&a=b'],
  ])('%s is %s', (url, asking) => {
    expect(sinceUrl(new URL(url), 1_700_000_000_000)?.href).toBe(asking);
  });

  it('is none without a time', () => {
    expect(sinceUrl(new URL('http://host/s'), undefined)).toBeUndefined();
  });
});
