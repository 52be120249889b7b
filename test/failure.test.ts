import { describe, expect, it } from 'vitest';
import { readFailure, status, writeFailure } from '../src/failure.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('a file that fails', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOMEM'])('does so for now, when the process lacks something: %s', (code) => {
    for (const failure of [readFailure, writeFailure])
      expect(failure('a.log', coded(code))).toMatchObject({ status: status.temporary });
  });

  it('has a status by what was done with it otherwise', () => {
    expect(readFailure('a.log', coded('EACCES'))).toMatchObject({ status: status.noInput });
    expect(readFailure('a.log', coded('EIO'))).toMatchObject({ status: status.io });
    expect(writeFailure('a.log', coded('EACCES'))).toMatchObject({ status: status.io });
  });
});
