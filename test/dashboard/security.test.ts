import { describe, expect, it } from 'vitest';
import { HttpError } from '../../src/dashboard/responses.ts';
import { checkHost, checkOrigin, checkToken, isLoopback } from '../../src/dashboard/security.ts';

const post = (headers: Record<string, string>) =>
  new Request('http://localhost:8080/api/stats', { method: 'POST', headers });
const statusOf = (check: () => void) => {
  try {
    check();
  } catch (error) {
    return error instanceof HttpError ? error.status : error;
  }
  return undefined;
};

it('only addresses of loopback are those of this machine', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['0.0.0.0', '::', '128.0.0.1', '10.127.0.1', 'localhost'].some(isLoopback)).toBe(false);
});

describe('on loopback', () => {
  it.each([
    ['localhost:8080', undefined],
    ['LOCALHOST', undefined],
    ['127.0.0.1:1', undefined],
    ['[::1]:8080', undefined],
    ['evil.example:8080', 403],
    ['localhost.evil.example', 403],
    ['', 403],
  ])('a request to %j has status %s', (host, status) => {
    expect(statusOf(() => checkHost(host, '127.0.0.1'))).toBe(status);
  });

  it('a post needs a token only where one is set', () => {
    expect(statusOf(() => checkToken(post({}), undefined, '::1'))).toBeUndefined();
    expect(statusOf(() => checkToken(post({}), 'secret', '::1'))).toBe(401);
  });
});

it('on an address that others reach any host will do, and a post needs a token', () => {
  expect(statusOf(() => checkHost('any.example', '10.0.0.1'))).toBeUndefined();
  expect(statusOf(() => checkToken(post({}), undefined, '10.0.0.1'))).toBe(401);
});

it.each([
  ['Bearer secret', undefined],
  ['bearer  secret ', undefined],
  ['Bearer secre', 401],
  ['Basic secret', 401],
  ['secret', 401],
])('with the token secret, the authorization %j has status %s', (authorization, status) => {
  expect(statusOf(() => checkToken(post({ authorization }), 'secret', '10.0.0.1'))).toBe(status);
});

it.each([
  [{}, undefined],
  [{ origin: 'http://localhost:8080', host: 'localhost:8080' }, undefined],
  [{ 'sec-fetch-site': 'same-origin' }, undefined],
  [{ origin: 'http://evil.example', host: 'localhost:8080' }, 403],
  [{ origin: 'null', host: 'localhost:8080' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
])('a post of a page with %j has status %s', (headers, status) => {
  const request = { headers: new Headers(headers as Record<string, string>) } as Request;
  expect(statusOf(() => checkOrigin(request))).toBe(status);
});
