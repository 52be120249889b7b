import { describe, expect, it } from 'vitest';
import { isUnanswered, postgresFailure } from '../../src/databases/postgres-failure.ts';
import { BadRows, Failure, status } from '../../src/failure.ts';

function coded(code: string, message = 'no') {
  return Object.assign(new Error(message), { code });
}

const terminated = new Error('Connection terminated unexpectedly');
const busy = 'busy: another process has locked it';

describe('postgresFailure', () => {
  it.each([
    ['a lost connection', terminated, 75, 'connection lost'],
    ['a closed client', new Error('Client was closed and is not queryable'), 75, 'connection lost'],
    ['ECONNREFUSED', coded('ECONNREFUSED'), 75, 'connection refused'],
    ['EPIPE', coded('EPIPE', 'write EPIPE'), 75, 'write EPIPE'],
    ['no socket', coded('ENOENT'), 75, 'no server at its socket'],
    ['connection failure', coded('08006'), 75, 'no'],
    ['read-only for now', coded('25006'), 75, 'no'],
    ['deadlock', coded('40P01'), 75, 'no'],
    ['too many connections', coded('53300'), 75, 'no'],
    ['locked', coded('55P03'), 75, busy],
    ['shutting down', coded('57P01'), 75, 'no'],
    ['not started yet', coded('57P03'), 75, 'no'],
    ['serialization failure', coded('40001'), 75, 'no'],
    ['out of memory', coded('53200'), 75, 'no'],
    ['no descriptor', coded('EMFILE'), 75, 'too many open files'],
    ['system error', coded('58000'), 75, 'no'],
    ['disk of the server', coded('58030'), 74, 'no'],
    ['disk full', coded('53100'), 74, 'no'],
    ['no such database', coded('3D000'), 69, 'no'],
    ['no permission', coded('42501'), 69, 'no'],
    ['too deep', coded('54001'), 69, 'no'],
    ['no such function', coded('42883'), 69, 'no'],
    ['another state of class 25', coded('25001'), 69, 'no'],
    ['wrong password', coded('28P01', 'authentication failed'), 69, 'authentication failed'],
    ['no such table', coded('42P01'), 69, 'no'],
    ['untrusted certificate', coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed'), 69, 'self-signed'],
    ['a Failure', new Failure(status.data, 'bad row'), 65, 'bad row'],
  ])('names the address, and gives %s its status', (_, error, code, text) => {
    const failure = postgresFailure('postgres://db', error);
    expect(failure).toMatchObject({ status: code, message: `postgres://db: ${text}` });
    expect(failure).not.toBeInstanceOf(BadRows);
  });

  it.each([
    ['unique violation', coded('23505')],
    ['check violation', coded('23514')],
    ['not null violation', coded('23502')],
    ['foreign key violation', coded('23503')],
    ['no uuid', coded('22P02')],
    ['text too long', coded('22001')],
    ['number out of range', coded('22003')],
    ['NUL in text', coded('22021')],
    ['check of a view', coded('44000')],
    ['too large for an index', coded('54000')],
    ['too many columns', coded('54011')],
    ['raised by a trigger', coded('P0001')],
    ['BadRows', new BadRows('no')],
  ])('is about the rows for %s', (_, error) => {
    const failure = postgresFailure('postgres://db', error);
    expect(failure).toBeInstanceOf(BadRows);
    expect(failure).toMatchObject({ status: 69, message: 'postgres://db: no' });
  });

  it('puts a note before the text', () => {
    expect(postgresFailure('db', terminated, 'at the commit: ')).toMatchObject({
      message: 'db: at the commit: connection lost',
    });
  });

  it('leaves a bug as it is', () => {
    const bug = new TypeError('x is not a function');
    expect(postgresFailure('db', bug)).toBe(bug);
  });
});

describe('isUnanswered', () => {
  it.each([
    ['a lost connection', terminated, true],
    ['ECONNRESET', coded('ECONNRESET'), true],
    ['EPIPE', coded('EPIPE'), true],
    ['connection failure', coded('08006'), true],
    ['shutting down', coded('57P01'), true],
    ['a Failure', new Failure(status.temporary, 'no answer'), true],
    ['BadRows', new BadRows('no'), false],
    ['cancelled', coded('57014'), false],
    ['unique violation', coded('23505'), false],
    ['raised by a trigger', coded('P0001'), false],
    ['internal error', coded('XX000'), false],
  ])('says of %s %j', (_, error, expected) => {
    expect(isUnanswered(error)).toBe(expected);
  });
});
