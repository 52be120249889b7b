import { describe, expect, it } from 'vitest';
import { credentialsOf, listedIn, typeAndParameters } from '../../src/dashboard/header-values.ts';
import { answerFile } from '../../src/dashboard/page-files.ts';
import { checkType } from '../../src/dashboard/request-body.ts';
import { addressOf, checkHost, checkOrigin, checkPost, checkRead } from '../../src/dashboard/security.ts';
import { growsLess } from '../growth.ts';

it('a list may have blanks, and empty items', () => {
  expect(listedIn(null)).toEqual([]);
  expect(listedIn('"a" , "b",,"c"')).toEqual(['"a"', '"b"', '', '"c"']);
});

it.each([
  ['text/csv', 'text/csv', []],
  ['Text/CSV ; Charset = "UTF-8" ;', 'text/csv', ['charset=utf-8']],
  ['text/csv;charset=utf-8;header=present', 'text/csv', ['charset=utf-8', 'header=present']],
  ['', '', []],
  [';;=', '', ['=']],
])('the type and the parameters of %j', (header, type, parameters) => {
  expect(typeAndParameters(header)).toEqual({ type, parameters });
});

it.each([
  ['Bearer secret', 'secret'],
  ['bearer   two words ', 'two words'],
  ['Bearer', undefined],
  ['Basic secret', undefined],
  ['', undefined],
])('the bearer token of %j is %j', (header, token) => {
  expect(credentialsOf(header, 'bearer')).toBe(token);
});

// README: "The cost of a line, a name or a header grows with its length, whatever it holds."
describe('a header costs no more than its length', () => {
  const file = { bytes: new Uint8Array(), type: 'text/css', tag: '"a"' };
  const access = { token: 'secret', readToken: 'read', allowedHosts: [], behindProxy: true };
  const refused = (check: () => void) => {
    try {
      check();
    } catch {
      // It is refused, whatever it says.
    }
  };
  // The class Headers trims, so the blanks stand between two letters.
  it.each([
    ['Bearer, blanks', (length: number) => ({ authorization: `Bearer x${' '.repeat(length)}x` })],
    ['Bearer, letters and blanks', (length: number) => ({ authorization: `Bearer ${'x '.repeat(length)}x` })],
    ['Basic, letters', (length: number) => ({ authorization: `Basic ${'YTpi'.repeat(length)}` })],
    ['a host', (length: number) => ({ 'x-forwarded-host': `${':1'.repeat(length)},${'['.repeat(length)}` })],
    ['addresses', (length: number) => ({ 'x-forwarded-for': `1.1.1.1${' ,'.repeat(length)}x` })],
    ['an origin', (length: number) => ({ origin: `http://${'http://'.repeat(length)}` })],
    ['blanks', (length: number) => ({ 'if-none-match': `x${' '.repeat(length)}x` })],
    ['tabs and commas', (length: number) => ({ 'if-none-match': `x${'\t,'.repeat(length / 2)}x` })],
    ['type, then blanks', (length: number) => ({ 'content-type': `text/csv${' '.repeat(length)}x` })],
    ['type; charset', (length: number) => ({ 'content-type': `text/csv;charset${' '.repeat(length)}x` })],
    ['type; =', (length: number) => ({ 'content-type': `text/csv;charset=utf-8${' '.repeat(length)};x` })],
  ])('%s', async (_, headers) => {
    const request = (length: number) => new Request('http://localhost/', { headers: headers(length) });
    const answer = (asked: Request) => {
      refused(() => checkPost(asked, access, '10.0.0.1'));
      refused(() => checkRead(asked, access));
      refused(() => checkHost(asked, access, '10.0.0.1'));
      refused(() => checkOrigin(asked, access));
      addressOf(asked, access, '10.0.0.2');
      refused(() => checkType(asked));
      answerFile(file, asked);
    };
    expect(await growsLess({ make: request, work: answer, length: 1 << 13 }, 9)).toBe(true);
  });
});
