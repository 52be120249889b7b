import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../src/dashboard/responses.ts';
import {
  type Access,
  addressOf,
  checkHost,
  checkOrigin,
  checkPost,
  checkRead,
  isLoopback,
} from '../../src/dashboard/security.ts';

const OPEN: Access = { token: undefined, readToken: undefined, allowedHosts: [], behindProxy: false };

/** Not a Request, which allows a program no Host and no Origin. */
const asked = (headers: Record<string, string>) => ({ headers: new Headers(headers) }) as Request;
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

describe('a host', () => {
  const statusAt = (host: string, address: string, access: Partial<Access> = {}) =>
    statusOf(() => checkHost(asked({ host }), { ...OPEN, ...access }, address));

  it.each([
    ['localhost:8080', undefined],
    ['LOCALHOST', undefined],
    ['127.0.0.1:1', undefined],
    ['[::1]:8080', undefined],
    [hostname(), 403],
    ['10.0.0.1', 403],
    ['evil.example:8080', 403],
    ['localhost.evil.example', 403],
    ['', 403],
  ])('on loopback: %j has status %s', (host, status) => {
    expect(statusAt(host, '127.0.0.1')).toBe(status);
  });

  it.each([
    ['localhost:8080', undefined],
    ['10.0.0.1', undefined],
    ['[fe80::1]:8080', undefined],
    [hostname().toUpperCase(), undefined],
    [`${hostname()}.local:8080`, undefined],
    ['evil.example', 403],
    ['10.0.0.1.evil.example', 403],
    ['1.2.3', 403],
    ['[evil]', 403],
    ['', 403],
  ])('on all addresses: %j has status %s', (host, status) => {
    expect([statusAt(host, '0.0.0.0'), statusAt(host, '::')]).toEqual([status, status]);
  });

  it('on one address is that one, or the name of this machine', () => {
    expect(
      ['192.168.1.5:80', hostname(), `${hostname()}.local`].map((host) => statusAt(host, '192.168.1.5')),
    ).toEqual([undefined, undefined, undefined]);
    expect(statusAt('[fd00::5]:80', 'fd00::5')).toBeUndefined();
    expect(['192.168.1.6', 'localhost', '127.0.0.1'].map((host) => statusAt(host, '192.168.1.5'))).toEqual([
      403, 403, 403,
    ]);
  });

  it('may be one that is allowed', () => {
    const access = { allowedHosts: ['Stats.example', 'fd00::7'] };
    for (const address of ['127.0.0.1', '0.0.0.0', '10.0.0.1'])
      expect(
        ['stats.EXAMPLE:1', '[fd00::7]', 'stats.example.evil'].map((host) => statusAt(host, address, access)),
      ).toEqual([undefined, undefined, 403]);
  });

  it('is that which a proxy was asked for, but only when there is one', () => {
    const headers = { host: 'localhost', 'x-forwarded-host': 'evil.example, stats.example' };
    const access = { ...OPEN, allowedHosts: ['stats.example'] };
    const status = (behindProxy: boolean, names: readonly string[]) =>
      statusOf(() => checkHost(asked(headers), { ...access, behindProxy, allowedHosts: names }, '127.0.0.1'));
    expect([status(true, ['stats.example']), status(true, []), status(false, [])]).toEqual([
      undefined,
      403,
      undefined,
    ]);
  });

  it('is refused with the option that allows it', () => {
    expect(() => checkHost(asked({ host: 'a.example' }), OPEN, '127.0.0.1')).toThrow(
      'this server does not answer to "a.example": see --allow-host',
    );
  });
});

describe('a post', () => {
  const statusAt = (headers: Record<string, string>, access: Partial<Access>, address = '127.0.0.1') =>
    statusOf(() => checkPost(asked(headers), { ...OPEN, ...access }, address));

  it('needs a token unless nobody else reaches the server', () => {
    expect(statusAt({}, {}, '::1')).toBeUndefined();
    expect(statusAt({}, { token: 'secret' })).toBe(401);
    expect(statusAt({}, {}, '10.0.0.1')).toBe(401);
    expect(statusAt({}, { behindProxy: true })).toBe(401);
    expect(statusAt({}, { readToken: 'read' })).toBe(401);
  });

  it('through a proxy needs one, also when nobody said that there is a proxy', () => {
    for (const name of ['X-Forwarded-For', 'Forwarded', 'Via'])
      expect(statusAt({ [name]: 'x' }, {})).toBe(401);
    const authorization = 'Bearer secret';
    expect(statusAt({ via: 'x', authorization }, { token: 'secret' })).toBeUndefined();
  });

  it.each([
    ['Bearer secret', undefined],
    ['bearer  secret ', undefined],
    ['Bearer secre', 401],
    ['Bearer read', 401],
    ['Basic secret', 401],
    [`Basic ${btoa('me:secret')}`, 401],
    ['secret', 401],
  ])('with the token secret, the authorization %j has status %s', (authorization, status) => {
    expect(statusAt({ authorization }, { token: 'secret', readToken: 'read' }, '10.0.0.1')).toBe(status);
  });

  it.each([
    [{}, undefined],
    [{ origin: 'http://localhost:8080', host: 'localhost:8080' }, undefined],
    [{ 'sec-fetch-site': 'same-origin' }, undefined],
    [{ origin: 'http://evil.example', host: 'localhost:8080' }, 403],
    [{ origin: 'null', host: 'localhost:8080' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'https://a.example', host: 'localhost', 'x-forwarded-host': 'a.example' }, 403],
  ])('of a page with %j has status %s', (headers, status) => {
    expect(statusOf(() => checkOrigin(asked(headers as Record<string, string>), OPEN))).toBe(status);
  });
});

describe('reading', () => {
  const statusAt = (authorization: string | undefined, access: Partial<Access>) =>
    statusOf(() =>
      checkRead(asked(authorization === undefined ? {} : { authorization }), { ...OPEN, ...access }),
    );

  it('is open to all without a token for it', () => {
    expect(statusAt(undefined, { token: 'secret' })).toBeUndefined();
    expect(statusAt('Bearer wrong', { token: 'secret' })).toBeUndefined();
  });

  it.each([
    [undefined, 401],
    ['Bearer read', undefined],
    ['Bearer secret', undefined],
    [`Basic ${btoa('me:read')}`, undefined],
    [`basic ${btoa(':read')}`, undefined],
    [`Basic ${btoa('read')}`, 401],
    [`Basic ${btoa('me:read:')}`, 401],
    ['Basic read', 401],
    ['Basic', 401],
    ['Bearer', 401],
    ['read', 401],
  ])('with a token for it, the authorization %j has status %s', (authorization, status) => {
    expect(statusAt(authorization, { token: 'secret', readToken: 'read' })).toBe(status);
  });
});

it('a client is who the proxy says it is, but only when there is one', () => {
  const from = (forwarded: string, behindProxy: boolean) =>
    addressOf(asked({ 'x-forwarded-for': forwarded }), { ...OPEN, behindProxy }, '127.0.0.1');
  expect(from('6.6.6.6, 1.2.3.4', true)).toBe('1.2.3.4');
  expect(from('fd00::1', true)).toBe('fd00::1');
  expect([from('', true), from('nobody', true), from('1.2.3.4', false)]).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
  ]);
});
