import { describe, expect, it } from 'vitest';
import { ArrayLines } from '../../src/lines/json-array.ts';

/** The lines of some input that comes in pieces of this size, and whether it ended within an array. */
function linesOf(text: string, size: number): { lines: string; isOpen: boolean } {
  const bytes = Buffer.from(text);
  const array = new ArrayLines();
  let lines = '';
  for (let at = 0; at < bytes.length; at += size)
    lines += array.take(Buffer.from(bytes.subarray(at, at + size))).toString('latin1');
  lines += array.end().toString('latin1');
  return { lines: Buffer.from(lines, 'latin1').toString(), isOpen: array.isOpen };
}

const long = `[${'{"a":"'.padEnd(5000, 'x')}"},{"b":2}]`;

describe.each([1, 3, 1 << 16])('a JSON array in pieces of %i bytes', (size) => {
  it.each([
    ['[{"a":1},{"b":2}]', '{"a":1}\n{"b":2}\n'],
    [
      '\ufeff \n[\n  {\n    "a": 1\r\n  },\n  {"b": [1, {"c": 2}]}\n]\n',
      '{     "a": 1    }\n{"b": [1, {"c": 2}]} \n',
    ],
    ['[]', '\n'],
    ['[ \t]\n', '\n'],
    ['[{"a":"[{,}]\\"],"},{"ü":"\\\\"}]', '{"a":"[{,}]\\"],"}\n{"ü":"\\\\"}\n'],
    ['[{"a":1}][{"b":2}]\n\n[{"c":3}]', '{"a":1}\n{"b":2}\n{"c":3}\n'],
    ['[{"a":1}]\n{"b":2}\n[{"c":3}]', '{"a":1}\n{"b":2}\n{"c":3}\n'],
    ['[{"a":1},2,[3,4],"x",null]', '{"a":1}\n2\n[3,4]\n"x"\nnull\n'],
    ['[{"a":"line\nbreak"}]', '{"a":"line\x1fbreak"}\n'],
    ['{"a":[1,2]}\n[1]\n', '{"a":[1,2]}\n[1]\n'],
    ['[id],name\n1,x\n', '[id],name\n1,x\n'],
    ['a,b\n[{,2\n', 'a,b\n[{,2\n'],
    ['', ''],
    [' \n', ' \n'],
    [long, `${long.slice(1, -9)}\n{"b":2}\n`],
  ])('%j is lines', (text, lines) => {
    expect(linesOf(text, size)).toEqual({ lines, isOpen: false });
  });

  it.each(['[{"a":1}', '[{"a":1},', '[{"a":"x', '[{"a":[{}]', '[{"a":1}][', '[', '\ufeff\n[ \n'])(
    '%j is not at its end',
    (text) => {
      expect(linesOf(text, size).isOpen).toBe(true);
    },
  );
});
