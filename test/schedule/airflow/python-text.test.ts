import { describe, expect, it } from 'vitest';
import { insideRaw, plainTemplate } from '../../../src/schedule/airflow/jinja-text.ts';
import {
  block,
  call,
  dictionary,
  element,
  keyword,
  layOut,
  list,
  literal,
  timeDelta,
} from '../../../src/schedule/airflow/python-text.ts';

describe('text as a literal of Python', () => {
  it.each([
    ['plain é 漢字 🎉', '"plain é 漢字 🎉"'],
    ["it's", '"it\'s"'],
    ['a "b"', '\'a "b"\''],
    ['"it\'s"', "'\"it\\'s\"'"],
    ['it\'s "', '"it\'s \\""'],
    ['a\\n\n\t\r\x07', '"a\\\\n\\n\\t\\r\\x07"'],
    ['\u200b\u2028', '"\\u200b\\u2028"'],
  ])('needs the fewest escapes: %j', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it('may have lines', () => {
    expect(block('a "b"\n\\ """ \nend"')).toBe('"""a "b"\n\\\\ \\"\\"\\"\\x20\nend\\""""');
  });

  it.each([
    [86_400_000, 'timedelta(days=1)'],
    [5_400_000, 'timedelta(minutes=90)'],
    [1500, 'timedelta(milliseconds=1500)'],
  ])('is a time in the largest whole unit: %i ms', (milliseconds, expected) => {
    expect(timeDelta(milliseconds)).toBe(expected);
  });
});

describe('an expression of Python', () => {
  it('is on one line of at most 88 characters, else has a line for each part', () => {
    const text = literal('a'.repeat(34));
    const parts = [keyword('a', text), element(`+${text}`)];
    expect(layOut(call('f', parts), '    x = ')).toBe(`    x = f(a=${text}, +${text})`);
    expect(layOut(call('f', parts), '    xy = ')).toBe(
      `    xy = f(\n        a=${text},\n        +${text},\n    )`,
    );
  });

  it('is broken where it must be', () => {
    const inner = call('g', [element(list(['1'])), element(dictionary([['k', '2']]))], true);
    expect(layOut(call('f', [keyword('x', inner)]), '')).toBe(
      'f(\n    x=g(\n        [1],\n        {"k": 2},\n    ),\n)',
    );
  });
});

describe('text for a template of Jinja', () => {
  it('stays as it is where it is none', () => {
    expect(plainTemplate('$x {y} %}')).toBe('$x {y} %}');
  });

  it('is raw where it looks like one', () => {
    expect(plainTemplate('{{ x }}')).toBe('{% raw %}{{ x }}{% endraw %}');
    expect(insideRaw('a{%- endraw %}\rb')).toBe(
      'a{% endraw %}{{ "{%- endraw %}" }}{% raw %}{% endraw %}{{ "\\r" }}{% raw %}b',
    );
  });
});
