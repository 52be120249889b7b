import { describe, expect, it } from 'vitest';
import { piecesOf, plainText } from '../../../../../src/dashboard/page/runs/log/ansi.ts';
import { markedPieces } from '../../../../../src/dashboard/page/runs/log/marks.ts';

const plain = (line: string) => plainText(piecesOf(line));

describe('a line with escape sequences', () => {
  it('has colours and styles as classes', () => {
    expect(piecesOf('\u001b[1;31mERROR\u001b[0m: no rows')).toEqual([
      { text: 'ERROR', look: 'ansi-bold ansi-red' },
      { text: ': no rows', look: '' },
    ]);
    expect(piecesOf('\u001b[92mok\u001b[39m \u001b[4mhere\u001b[24m')).toEqual([
      { text: 'ok', look: 'ansi-green' },
      { text: ' ', look: '' },
      { text: 'here', look: 'ansi-underline' },
    ]);
    expect(piecesOf('\u001b[38;5;196mred\u001b[mplain')).toEqual([
      { text: 'red', look: '' },
      { text: 'plain', look: '' },
    ]);
    expect(piecesOf('\u001b[48;2;1;2;31mx')).toEqual([{ text: 'x', look: '' }]);
  });

  it('shows nothing of what else a terminal obeys', () => {
    expect(plain('\u001b]0;a title\u0007text\u001b[2K\u001b[1A')).toBe('text');
    expect(plain('\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\')).toBe('link');
    expect(plain('a\u0000b\u0008c\td\u001b(B\u001b=\u009be')).toBe('abc\tde');
    expect(plain('\u202egnp.exe\u202c')).toBe('gnp.exe');
    expect(plain('torn \u001b[')).toBe('torn ');
    expect(plain('torn \u001b')).toBe('torn ');
  });

  it('is as it was in the end where it was written over', () => {
    expect(plain('10%\r50%\r100%')).toBe('100%');
    expect(plain('of Windows\r')).toBe('of Windows');
    expect(piecesOf('')).toEqual([]);
    expect(piecesOf('<script>alert(1)</script>')).toEqual([{ text: '<script>alert(1)</script>', look: '' }]);
  });

  it('takes time in proportion to its length', () => {
    expect(plain(`${'\u001b['.repeat(50_000)}`).length).toBeLessThan(100_000);
    expect(plain('\u001b]'.repeat(50_000))).toBe('');
  });
});

it('marks cut pieces where they begin and end', () => {
  const mark = { from: 2, to: 5, isCurrent: true };
  const pieces = [
    { text: 'abc', look: 'ansi-red' },
    { text: 'defg', look: '' },
  ];
  expect(markedPieces(pieces, [mark])).toEqual([
    { text: 'ab', look: 'ansi-red', mark: undefined },
    { text: 'c', look: 'ansi-red', mark },
    { text: 'de', look: '', mark },
    { text: 'fg', look: '', mark: undefined },
  ]);
  expect(markedPieces(pieces, [])).toEqual(pieces.map((piece) => ({ ...piece, mark: undefined })));
});
