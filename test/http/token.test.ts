import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseToken } from '../../src/http/token.ts';
import { privateFolder, run } from '../harness.ts';

describe('parseToken', () => {
  it.each([
    ['s3cret', 's3cret'],
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['~!"/=', '~!"/='],
    ['', undefined],
    ['\n', undefined],
  ])('takes %j for %j', (text, token) => {
    expect(parseToken(text, 'file')).toBe(token);
  });

  it.each([
    's3cret\nmore',
    's3cret\n\n',
    '\ns3cret',
    's3 cret',
    's3cret\r',
    's3cret\t',
    ' ',
    's3cr\u00e9t',
    '\0',
  ])('refuses (64) %j without showing it', (text) => {
    expect(() => parseToken(text, 'file')).toThrow(
      expect.objectContaining({
        status: 64,
        message: 'file: not a token: it must be one line of ASCII without blanks',
      }),
    );
  });
});

describe('serve-stats', () => {
  it.each(['s3cret\nmore\n', 's3cret more', ''])('refuses (64) a token file %j', async (content) => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'token'), content);
    const { status, stdout, stderr } = await run('serve-stats', ['--port', '0', '--token-file', 'token'], {
      cwd,
    });
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(/^serve-stats: token: .*\n$/);
    expect(stderr).not.toMatch(/s3cret|more/);
  });
});
