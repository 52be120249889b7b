import { describe, expect, it } from 'vitest';
import { checkUrl, isAddress, malformed, parseAddress } from '../../src/addresses/parse.ts';

describe('parseAddress', () => {
  it('parts the scheme from the rest, over all its lines', () => {
    expect(parseAddress('EXEC:a:b\nc')).toEqual({
      scheme: 'exec',
      rest: 'a:b\nc',
      text: 'EXEC:a:b\nc',
      shown: 'EXEC:a:b c',
    });
  });

  it('shows no secret', () => {
    expect(parseAddress('http://me:secret@host/').shown).toBe('http://me:***@host/');
  });

  it.each(['', 'attic', './a:b', '/a:b', ':memory:', '1w:x', ' sim:'])('takes %j for a bare path', (text) => {
    expect(parseAddress(text)).toMatchObject({ scheme: '', rest: text });
  });
});

describe('isAddress', () => {
  it.each([
    ['postgres://host/db', true],
    ['POSTGRES://', true],
    ['a:b', false],
    ['//host/db', false],
    ['./a://b', false],
    ['', false],
  ])('says of %j %j', (operand, expected) => {
    expect(isAddress(operand)).toBe(expected);
  });
});

describe('checkUrl', () => {
  it.each(['stats.db', 'http://host/', 'postgres:db'])('takes %j', (text) => {
    expect(() => checkUrl(parseAddress(text))).not.toThrow();
  });

  it('refuses (64) an address that is no URL, without its secrets', () => {
    expect(() => checkUrl(parseAddress('http://me:secret@host:port/'))).toThrow(
      expect.objectContaining({ status: 64, message: 'not an address: "http://***@host:port/"' }),
    );
  });
});

describe('malformed', () => {
  it('says how the address must be written', () => {
    expect(malformed(parseAddress('file:'), 'file:PATH')).toMatchObject({
      status: 64,
      message: 'file:: malformed address (write file:PATH)',
    });
  });
});
