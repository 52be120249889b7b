import { describe, expect, it } from 'vitest';
import { isUnanswered, postgresFailure } from '../../src/databases/postgres-failure.ts';
import { Failure, status } from '../../src/failure.ts';

function coded(code: string, message = 'no') {
  return Object.assign(new Error(message), { code });
}

const terminated = new Error('Connection terminated unexpectedly');
const busy = 'busy: another process has locked it';

describe('postgresFailure', () => {
  it.each([
    ['a lost connection', terminated, 75, 'connection broke off'],
    ['a closed client', new Error('Client was closed and is not queryable'), 75, 'connection broke off'],
    ['ECONNREFUSED', coded('ECONNREFUSED'), 75, 'connection refused'],
    ['EPIPE', coded('EPIPE', 'write EPIPE'), 75, 'write EPIPE'],
    ['no socket', coded('ENOENT'), 75, 'no server at its socket'],
    ['connection failure', coded('08006'), 75, 'no'],
    ['read-only for now', coded('25006'), 75, 'no'],
    ['deadlock', coded('40P01'), 75, 'no'],
    ['too many connections', coded('53300'), 75, 'no'],
    ['locked', coded('55P03'), 75, busy],
    ['shutting down', coded('57P01'), 75, 'no'],
    ['disk of the server', coded('58030'), 75, 'no'],
    ['another state of class 25', coded('25001'), 69, 'no'],
    ['wrong password', coded('28P01', 'authentication failed'), 69, 'authentication failed'],
    ['unique violation', coded('23505'), 69, 'no'],
    ['no such table', coded('42P01'), 69, 'no'],
    ['untrusted certificate', coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed'), 69, 'self-signed'],
    ['a Failure', new Failure(status.data, 'bad row'), 65, 'bad row'],
  ])('names the address, and gives %s its status', (_, error, code, text) => {
    expect(postgresFailure('postgres://db', error)).toMatchObject({
      status: code,
      message: `postgres://db: ${text}`,
    });
  });

  it('puts a note before the text', () => {
    expect(postgresFailure('db', terminated, 'at the commit: ')).toMatchObject({
      message: 'db: at the commit: connection broke off',
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
    ['cancelled', coded('57014'), false],
    ['unique violation', coded('23505'), false],
    ['raised by a trigger', coded('P0001'), false],
    ['internal error', coded('XX000'), false],
  ])('says of %s %j', (_, error, expected) => {
    expect(isUnanswered(error)).toBe(expected);
  });
});
