import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, textProblem } from '../../src/lines/text.ts';

describe('decodeText', () => {
  it('reads all that is UTF-8 as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeText(Buffer.from(text))).toBe(text);
        expect(decodeText(Buffer.concat([Buffer.from(text), Buffer.of(0xff)]))).toBe(`${text}\udcff`);
      }),
    );
  });

  it.each([
    [[0xc0, 0x80], '\udcc0\udc80'],
    [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    [[0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    [[0xe2, 0x82], '\udce2\udc82'],
  ])('keeps each byte of %j', (bytes, text) => {
    expect(decodeText(Buffer.from(bytes))).toBe(text);
  });
});

describe('textProblem', () => {
  it.each([
    ['', undefined],
    ['Malmö \ufffd 😀', undefined],
    ['a\0b', 'has a NUL'],
    ['Malm\udcf6', 'is not UTF-8'],
    ['t\ud801', 'has an unpaired surrogate'],
  ])('%j', (text, problem) => {
    expect(textProblem(text)).toBe(problem);
  });
});
