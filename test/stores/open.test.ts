import { describe, expect, it } from 'vitest';
import { openStore, parseStoreAddress } from '../../src/stores/open.ts';
import { privateFolder } from '../harness.ts';
import { testReader } from './reader-contract.ts';

const settings = { waitMs: 0, timeoutMs: 1000, token: undefined, signal: new AbortController().signal };

describe('parseStoreAddress', () => {
  it.each([
    'stats.db',
    'a b/stats.csv',
    './a:b',
    ':memory:',
    'http://host/api',
    'HTTPS://host/',
    'postgres://host/db',
    'postgresql:///db?host=/run',
  ])('takes %j', (text) => {
    expect(parseStoreAddress(text)).toBe(text);
  });

  it.each([
    ['', 'unknown store: ""; known schemes: http, https, postgres, postgresql; a bare path is SQLite'],
    ['a:b', 'unknown store: "a:b"; known schemes: http, https, postgres, postgresql; a bare path is SQLite'],
    ['http://', 'not an address: "http://"'],
    ['postgres://me:secret@host:port/db', 'not an address: "postgres://***@host:port/db"'],
  ])('refuses (64) %j', (text, message) => {
    expect(() => parseStoreAddress(text)).toThrow(expect.objectContaining({ status: 64, message }));
  });
});

describe('openStore', () => {
  it.each(['stats.db', 'stats.csv', 'http://127.0.0.1:1/', 'postgres://127.0.0.1:1/db'])(
    'touches nothing of %j',
    async (name) => {
      const address = name.includes(':') ? name : `${await privateFolder()}/no/${name}`;
      const store = await openStore(address, settings);
      expect(await store.close()).toBeUndefined();
    },
  );

  it('refuses (64) an unknown address', async () => {
    await expect(openStore('ftp://host/', settings)).rejects.toMatchObject({ status: 64 });
  });
});

describe('openReader', () => {
  it('refuses (64) a server, without its secrets', async () => {
    await expect(testReader('https://user:secret@example.org/api/stats')).rejects.toMatchObject({
      status: 64,
      message:
        'rows cannot be read from a server, only from its database: "https://user:***@example.org/api/stats"',
    });
  });

  it('refuses (64) an unknown address', async () => {
    await expect(testReader('ftp://host/')).rejects.toMatchObject({ status: 64 });
  });
});
