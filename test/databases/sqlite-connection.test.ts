import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, snapshot, transaction } from '../../src/databases/sqlite-connection.ts';
import { privateFolder } from '../harness.ts';

async function opened(journal?: 'WAL' | 'TRUNCATE') {
  const path = join(await privateFolder(), 'a.db');
  const open = () => {
    const database = openDatabase(path, journal);
    onTestFinished(() => database.close());
    return database;
  };
  const database = open();
  database.exec('CREATE TABLE lines (text PRIMARY KEY)');
  const lines = () =>
    database
      .prepare('SELECT text FROM lines')
      .all()
      .map(({ text }) => text);
  const insert = (text: string) => database.prepare('INSERT INTO lines VALUES (?)').run(text);
  return { database, open, lines, insert };
}

describe('openDatabase', () => {
  it.each(['WAL', 'TRUNCATE'] as const)('keeps a journal %s, and syncs each commit', async (journal) => {
    const { database } = await opened(journal);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: journal.toLowerCase() });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });

  it('throws the error of SQLite where there cannot be a database', async () => {
    const folder = await privateFolder();
    expect(() => openDatabase(folder)).toThrow('unable to open');
  });
});

describe('openDatabase with a check', () => {
  it('changes nothing when the check throws', async () => {
    const path = join(await privateFolder(), 'a.db');
    openDatabase(path, 'TRUNCATE').close();
    const refuse = () => {
      throw new Error('not ours');
    };
    expect(() => openDatabase(path, 'WAL', refuse)).toThrow('not ours');
    const database = openDatabase(path, 'TRUNCATE');
    onTestFinished(() => database.close());
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'truncate' });
  });
});

describe('snapshot', () => {
  it('reads all as it is at one moment', async () => {
    const { database, open, lines } = await opened();
    const other = open();
    const both = snapshot(database, () => {
      const before = lines();
      other.exec("INSERT INTO lines VALUES ('a')");
      return [before, lines()];
    });
    expect(both).toEqual([[], []]);
    expect(lines()).toEqual(['a']);
    expect(() =>
      snapshot(database, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(database.isTransaction).toBe(false);
  });
});

describe('transaction', () => {
  it('commits what the work did, and gives its result', async () => {
    const { database, lines, insert } = await opened();
    expect(transaction(database, () => insert('a').changes)).toBe(1);
    expect(lines()).toEqual(['a']);
    expect(database.isTransaction).toBe(false);
  });

  it('rolls all of it back when the work throws, and throws that', async () => {
    const { database, lines, insert } = await opened();
    const work = () => {
      insert('a');
      database.exec('ALTER TABLE lines ADD COLUMN more');
      throw new Error('no');
    };
    expect(() => transaction(database, work)).toThrow('no');
    expect(lines()).toEqual([]);
    expect(database.prepare('PRAGMA table_info(lines)').all()).toHaveLength(1);
    expect(transaction(database, lines)).toEqual([]);
  });

  it('throws the first error when SQLite has rolled back by itself', async () => {
    const { database, insert, lines } = await opened();
    insert('a');
    const work = () => database.exec(`INSERT OR ROLLBACK INTO lines VALUES ('b'), ('a')`);
    expect(() => transaction(database, work)).toThrow('UNIQUE constraint failed');
    expect(lines()).toEqual(['a']);
  });

  it('is busy at its beginning while another one is open, and does not begin its work', async () => {
    const { database, open, lines } = await opened();
    const other = open();
    transaction(database, () => {
      expect(() => transaction(other, () => expect.unreachable())).toThrow('database is locked');
    });
    expect(transaction(other, lines)).toEqual([]);
  });
});
