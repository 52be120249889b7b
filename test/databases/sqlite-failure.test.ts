import { chmod, readdir, symlink } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, transaction } from '../../src/databases/sqlite-connection.ts';
import { isReadOnly, sqliteFailure, untilFree } from '../../src/databases/sqlite-failure.ts';
import { BadRows, Failure, status } from '../../src/failure.ts';
import { privateFolder, run } from '../harness.ts';
import { otherUser } from '../other-user.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

const { EACCES, EINTR, EIO, EISDIR, EMFILE, ENOENT, ENOSPC, EROFS } = constants.errno;
const ROW = csv(HEADER, hourly('attic', 0));
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
    ['NOMEM', sqliteError('out of memory', 7), 75, 'out of memory'],
    ['IOERR_WRITE', sqliteError('disk I/O error', 778, EIO), 74, 'disk I/O error: input/output error'],
    [
      'IOERR_SHMSIZE, no space',
      sqliteError('disk I/O error', 4874, ENOSPC),
      74,
      'disk I/O error: no space left on device',
    ],
    [
      'IOERR, no descriptor',
      sqliteError('disk I/O error', 10, EMFILE),
      75,
      'disk I/O error: too many open files',
    ],
    ['IOERR of which nothing is known', sqliteError('disk I/O error', 10), 74, 'disk I/O error'],
    ['FULL', sqliteError('database or disk is full', 13), 74, 'database or disk is full'],
    ['CANTOPEN, folder', sqliteError('unable to open', 14, EISDIR), 69, 'unable to open: is a directory'],
    [
      'CANTOPEN, no permission',
      sqliteError('unable to open', 14, EACCES),
      69,
      'unable to open: permission denied',
    ],
    [
      'CANTOPEN, no descriptor',
      sqliteError('unable to open', 14, EMFILE),
      75,
      'unable to open: too many open files',
    ],
    [
      'CANTOPEN, no space',
      sqliteError('unable to open', 14, ENOSPC),
      74,
      'unable to open: no space left on device',
    ],
    [
      'READONLY, read-only',
      sqliteError('attempt to write', 8, EROFS),
      69,
      'attempt to write: read-only file system',
    ],
    ['NOTADB', sqliteError('file is not a database', 26), 69, 'file is not a database'],
    ['CORRUPT', sqliteError('database disk image is malformed', 11), 69, 'database disk image is malformed'],
    ['ERROR', sqliteError('no such table: a', 1), 69, 'no such table: a'],
    ['a Failure', new Failure(status.data, 'bad row'), 65, 'bad row'],
  ])('names the address, and gives %s its status', (_, error, code, text) => {
    const failure = sqliteFailure('a.db', error);
    expect(failure).toMatchObject({ status: code, message: `a.db: ${text}` });
    expect(failure).not.toBeInstanceOf(BadRows);
  });

  it.each([
    ['CONSTRAINT', sqliteError('UNIQUE constraint failed: a.b', 1555), 'UNIQUE constraint failed: a.b'],
    ['MISMATCH', sqliteError('datatype mismatch', 20), 'datatype mismatch'],
    ['TOOBIG', sqliteError('string or blob too big', 18), 'string or blob too big'],
    ['BadRows', new BadRows('no'), 'no'],
  ])('is about the rows for %s', (_, error, text) => {
    const failure = sqliteFailure('a.db', error);
    expect(failure).toBeInstanceOf(BadRows);
    expect(failure).toMatchObject({ status: 69, message: `a.db: ${text}` });
  });

  it.each<[string, (folder: string) => Promise<string>, number, string]>([
    ['a missing folder', async (folder) => join(folder, 'none', 'a.db'), 69, 'no such file or directory'],
    ['a link to nowhere', linkToNowhere, 69, 'no such file or directory'],
    ['what has come back meanwhile', async (folder) => join(folder, 'a.db'), 75, ''],
  ])('does not believe ENOENT, but looks: %s', async (_, make, code, words) => {
    const path = await make(await privateFolder());
    const failure = sqliteFailure(path, sqliteError('unable to open', 14, ENOENT));
    const text = words === '' ? '' : `: ${words}`;
    expect(failure).toMatchObject({ status: code, message: `${path}: unable to open${text}` });
    expect(await readdir(dirname(path)).catch(() => [])).not.toContain('a.db-try');
  });

  it.runIf(otherUser?.uid)('looks as another user: a folder that may not be written (69)', async () => {
    const cwd = await privateFolder();
    await chmod(cwd, 0o755);
    const end = await run('load-stats', ['--to', 'a.db'], { cwd, stdin: ROW, ...otherUser });
    expect(end).toMatchObject({
      status: 69,
      stderr: 'load-stats: a.db: Failed to open database: unable to open database file: permission denied\n',
    });
  });

  it('knows the errors by which reading all rows tells no code', async () => {
    const path = join(await privateFolder(), 'x.db');
    const [writer, reader] = [openDatabase(path, 'TRUNCATE'), openDatabase(path, 'TRUNCATE')];
    onTestFinished(() => {
      for (const database of [writer, reader]) database.close();
    });
    writer.exec('CREATE TABLE t (x)');
    const statement = reader.prepare('SELECT * FROM t');
    writer.exec('BEGIN EXCLUSIVE');
    for (const read of [() => statement.all(), () => [...statement.iterate()], () => statement.get()]) {
      let error: unknown;
      try {
        read();
      } catch (thrown) {
        error = thrown;
      }
      expect(sqliteFailure('x.db', error)).toMatchObject({ status: 75, message: `x.db: ${busy}` });
    }
  });

  it('leaves a bug as it is', () => {
    const bug = new TypeError('x is not a function');
    expect(sqliteFailure('a.db', bug)).toBe(bug);
  });
});

async function linkToNowhere(folder: string): Promise<string> {
  await symlink(join(folder, 'none', 'a.db'), join(folder, 'link.db'));
  return join(folder, 'link.db');
}

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
    [
      'a signal has interrupted it',
      sqliteError('disk I/O error', 1034, EINTR),
      75,
      'interrupted system call',
    ],
    // An empty queue that its taker removes while another process opens it.
    [
      'a file was removed meanwhile',
      sqliteError('disk I/O error', 1802, ENOENT),
      69,
      'no such file or directory',
    ],
  ])('tries again when %s, which is said in words when the time is over', async (_, error, end, words) => {
    let tries = 0;
    const work = () => {
      if (++tries < 3) throw error;
      return 'done';
    };
    expect([await untilFree(work, 10_000, signal), tries]).toEqual(['done', 3]);
    expect(sqliteFailure('a.db', error)).toMatchObject({
      status: end,
      message: `a.db: disk I/O error: ${words}`,
    });
  });

  it.each([264, 520, 1032, 1288])('tries again when it is read-only for the moment: %i', async (code) => {
    let tries = 0;
    const work = () => {
      if (++tries < 3) throw sqliteError('attempt to write a readonly database', code);
      return 'done';
    };
    expect([await untilFree(work, 10_000, signal), tries]).toEqual(['done', 3]);
  });

  it.each([
    ['the time is over', sqliteError(busy, 5), 0, signal],
    ['the signal is aborted', sqliteError(busy, 5), 10_000, AbortSignal.abort()],
    ['it is not about another process', sqliteError('no', 26), 10_000, signal],
    ['it is read-only for good', sqliteError('no', 8), 10_000, signal],
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
