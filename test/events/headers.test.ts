import { describe, expect, it } from 'vitest';
import { parseHeaders, readHeaderFile } from '../../src/events/headers.ts';
import { privateFolder } from '../harness.ts';

describe('headers of a file', () => {
  it('are names and values, line by line', () => {
    const text = '\ufeff# mine\r\nX-Key:  a: b \r\n\nauthorization: Basic eDp5\nempty:\nname: größe\n';
    expect(parseHeaders(text, 'f')).toEqual({
      'x-key': 'a: b',
      authorization: 'Basic eDp5',
      empty: '',
      name: Buffer.from('größe').toString('latin1'),
    });
  });

  it.each(['secret', ': secret', 'a b: secret', 'a: secret\0', 'a\t: secret'])(
    'are refused without being shown: %j',
    (line) => {
      const read = () => parseHeaders(`a: b\n${line}\n`, 'file');
      expect(read).toThrow('file:2: not a header (write NAME: VALUE)');
    },
  );

  it('are missing when the file is (66)', async () => {
    const name = `${await privateFolder()}/no`;
    await expect(readHeaderFile(name)).rejects.toMatchObject({
      status: 66,
      message: `${name}: no such file or directory`,
    });
  });
});
