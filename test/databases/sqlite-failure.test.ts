import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, transaction } from '../../src/databases/sqlite-connection.ts';
import { isReadOnly, sqliteFailure, untilFree } from '../../src/databases/sqlite-failure.ts';
import { Failure, status } from '../../src/failure.ts';
import { privateFolder } from '../harness.ts';

const busy = 'busy: another process has locked it';

function sqliteError(message: string, errcode: number, systemErrno?: number) {
  return Object.assign(new Error(message), { errcode, ...(systemErrno !== undefined && { systemErrno }) });
}

describe('sqliteFailure', () => {
  it.each([
    ['BUSY', sqliteError('database is locked', 5), 75, busy],
    ['BUSY_SNAPSHOT', sqliteError('database is locked', 517), 75, busy],
    ['LOCKED', sqliteError('database table is locked', 6), 75, busy],
    ['PROTOCOL', sqliteError('locking protocol', 15), 75, busy],
    ['IOERR_WRITE', sqliteError('disk I/O error', 778, 5), 74, 'disk I/O error: i/o error'],
    ['FULL', sqliteError('database or disk is full', 13), 74, 'database or disk is full'],
    ['CANTOPEN', sqliteError('unable to open', 14, 2), 69, 'unable to open: no such file or directory'],
    ['READONLY', sqliteError('attempt to write', 8), 69, 'attempt to write'],
    ['NOTADB', sqliteError('file is not a database', 26), 69, 'file is not a database'],
    ['CONSTRAINT', sqliteError('UNIQUE constraint failed: a.b', 1555), 69, 'UNIQUE constraint failed: a.b'],
    ['a Failure', new Failure(status.data, 'bad row'), 65, 'bad row'],
  ])('names the address, and gives %s its status', (_, error, code, text) => {
    expect(sqliteFailure('a.db', error)).toMatchObject({ status: code, message: `a.db: ${text}` });
  });

  it('leaves a bug as it is', () => {
    const bug = new TypeError('x is not a function');
    expect(sqliteFailure('a.db', bug)).toBe(bug);
  });
});

describe('isReadOnly', () => {
  it.each([
    [8, true],
    [14, true],
    [1294, true],
    [5, false],
  ])('says of result code %i %j', (errcode, expected) => {
    expect(isReadOnly(sqliteError('no', errcode))).toBe(expected);
  });
});

describe('untilFree', () => {
  const signal = new AbortController().signal;

  it('tries again until the other transaction has ended', async () => {
    const path = join(await privateFolder(), 'a.db');
    const [one, other] = [openDatabase(path), openDatabase(path)];
    onTestFinished(() => {
      one.close();
      other.close();
    });
    one.exec('BEGIN IMMEDIATE');
    let tries = 0;
    const work = () => {
      if (++tries === 3) one.exec('COMMIT');
      return transaction(other, () => 'done');
    };
    expect(await untilFree(work, 10_000, signal)).toBe('done');
    expect(tries).toBe(3);
  });

  it.each([
    ['the time is over', sqliteError(busy, 5), 0, signal],
    ['the signal is aborted', sqliteError(busy, 5), 10_000, AbortSignal.abort()],
    ['it is not about another process', sqliteError('no', 26), 10_000, signal],
    ['it is a bug', new TypeError('no'), 10_000, signal],
  ])('throws what it met when %s', async (_, error, waitMs, stop) => {
    let tries = 0;
    const work = () => {
      tries += 1;
      throw error;
    };
    await expect(untilFree(work, waitMs, stop)).rejects.toBe(error);
    expect(tries).toBe(1);
  });
});
