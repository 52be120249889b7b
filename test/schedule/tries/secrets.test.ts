import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvFile } from '../../../src/schedule/tries/env-file.ts';
import { Secrets } from '../../../src/schedule/tries/secrets.ts';
import { trial } from '../trial.ts';

describe('Secrets', () => {
  const secrets = new Secrets(['correct horse', 'horse battery', 'correct', 'short', 'äöüß', 'aaaaaaaa']);

  it.each([
    ['a correct horse!', 'a ***!'],
    ['correct hors', 'correct hors'],
    ['short', 'short'],
    ['äöüßäöü', '***äöü'],
    ['aaaaaaaaaaaaaaaaaaab', '***' + '***' + 'aaab'],
    ['correct horse battery', '*** battery'],
    ['nothing', 'nothing'],
    ['', ''],
  ])('hides %j', (text, shown) => {
    expect(secrets.hide(text)).toBe(shown);
  });

  it('finds one however it is torn', () => {
    const text = 'x correct horse y correct hors horse battery äöüß aaaaaaaaaaa correct';
    for (let size = 1; size < 30; size++) {
      const stream = secrets.stream();
      const bytes = Buffer.from(text);
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size)
        parts.push(Buffer.from(stream.take(bytes.subarray(at, at + size))));
      expect(Buffer.concat([...parts, stream.end()]).toString()).toBe(secrets.hide(text));
    }
  });

  it('finds a longer one that has another inside, torn behind that', () => {
    const stream = new Secrets(['XabcdefghY', 'abcdefgh']).stream();
    expect(
      ['Xabcdefgh', 'Y abcdefgh', 'Z'].map((chunk) => stream.take(Buffer.from(chunk)).toString()),
    ).toEqual(['', '*** ***', 'Z']);
  });

  it('shows at once what cannot be the beginning of one', () => {
    expect(secrets.stream().take(Buffer.from('a line\n')).toString()).toBe('a line\n');
  });
});

describe('readEnvFile', () => {
  const file = (text: string, mode = 0o600) => {
    const path = join(trial().folder, 'secrets.env');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('reads names and values, with and without quotes', () => {
    const text = '# token\r\n\n A=1\nC="two words "\nD=\'x\'\nE="\nF=a=b # c\n';
    expect(readEnvFile(file(text))).toEqual({ A: '1', C: 'two words ', D: 'x', E: '"', F: 'a=b # c' });
  });

  it.each([
    ['others may read it', 'A=1\n', 0o640, /mode 0640\): chmod 600/],
    ['a line is none, and not shown', 'A=1\nsecret words\n', 0o600, /:2: expected NAME=value$/],
    ['a line has a NUL byte', 'A=\0\n', 0o600, /:1: expected/],
  ])('refuses a file when %s', (_, text, mode, message) => {
    const path = file(text, mode);
    expect(() => readEnvFile(path)).toThrow(
      expect.objectContaining({ status: 78, message: expect.stringMatching(message) }),
    );
  });

  it('says when there is none', () => {
    expect(() => readEnvFile('/no/such.env')).toThrow(expect.objectContaining({ status: 66 }));
  });
});
