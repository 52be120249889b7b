import { describe, expect, it } from 'vitest';
import { showAddress } from '../../src/addresses/show.ts';

describe('showAddress', () => {
  it.each([
    ['sim:attic', 'sim:attic'],
    ['http://me:secret@host/a@b?c=d@e', 'http://me:***@host/a@b?c=***'],
    ['http://me:se@cret@host/', 'http://me:***@host/'],
    ['http://:secret@host/', 'http://:***@host/'],
    ['http://token@host/', 'http://***@host/'],
    ['https://h/p?q=Rome&key=secret&t#/main/temp', 'https://h/p?q=***&key=***&***#/main/temp'],
    ["exec:curl 'http://h/?key=secret' | jq .x", "exec:curl 'http://h/?key=***' | jq .x"],
    ['https://h/p#secret', 'https://h/p#***'],
    ['sim:attic?seed=7', 'sim:attic?seed=7'],
    ['/var/db/what?.db', '/var/db/what?.db'],
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
