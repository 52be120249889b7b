/** Parses YAML 1.2 to the nodes of the library, and explains syntax errors to people who do not know the specification. */

import { Composer, type CST, type Document, type LineCounter, type Node, Parser } from 'yaml';
import type { Problems } from './yaml-value.ts';

/** Maximum nesting depth; a graph needs six. */
const DEEPEST = 32;

/**
 * Plainer messages for errors of the library; the first pattern that matches counts. $1 stands for the group of the pattern.
 */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [
    /^Alias cannot be|^Unexpected alias at/,
    'a value that begins with * or has one after a blank needs quotes',
  ],
  [/^Plain value cannot start with .* (\W)$/, 'a value that begins with $1 needs quotes'],
  [/^Plain value cannot start with/, 'a value that begins with this letter needs quotes'],
  [
    /^Invalid escape/,
    'in double quotes \\ begins an escape, and this is not one: write \\\\, or use single quotes',
  ],
  [/^Nested mappings are not allowed/, 'a second colon in this line: put the value into quotes'],
  [
    /^Flow (?:map|sequence) (?:in block|must end)/,
    'a { or [ above is not closed, or its content is not indented',
  ],
  [/^Block collections are not allowed/, 'a colon and a blank within a value: put the value into quotes'],
  [/must start at the same column/, 'not indented like those before it'],
  [/^Tabs are not allowed/, 'indented with a tab: YAML takes only spaces'],
  [/^Block scalar header/, 'nothing may follow | or > on its line: the text begins on the next one'],
  [/^Block scalar value/, 'the text below | or > is indented more than its key'],
  [/^Missing ,/, 'a comma is missing here'],
  [/^Missing directives-end/, 'a line that begins with % is not part of a graph'],
  [/^Unexpected .* at node end/, 'nothing more was expected after the value before this: it may need quotes'],
  [
    /^Not a YAML token/,
    'not expected here: text after | or > on its line, a bracket or a quote too many, or another indentation',
  ],
  [/^Unexpected .* token/, 'not expected here: a bracket or a quote too many, or another indentation'],
  [/^Implicit (?:keys need|map keys)/, 'a colon is missing here, or a quote is not closed'],
];
const UNCLOSED = /^Missing closing ["']quote/;

/**
 * @param text without a byte order mark
 * @returns undefined for a syntax error, which is reported; null for an empty document
 */
export function parseYaml(text: string, lines: LineCounter, problems: Problems): Node | null | undefined {
  // Does what parseDocument does, which would overflow the stack on thousands of nested brackets.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  for (const { token, depth } of within(tokens)) {
    if (depth <= DEEPEST) continue;
    problems.addAt(token.offset, `values nested more than ${DEEPEST} deep`);
    return undefined;
  }
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, strict: true });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return null;
  addErrors(document, tokens, problems);
  const next = second?.range[0];
  if (next !== undefined) problems.addAt(next, 'a second document: a file has one graph');
  return problems.count > 0 ? undefined : document.contents;
}

/** Reports one error per line: further ones are consequences. */
function addErrors(document: Document.Parsed, tokens: readonly CST.Token[], problems: Problems): void {
  const lines = new Set<number>();
  for (const { message, pos } of document.errors) {
    const index = UNCLOSED.test(message) ? startOf(pos[0], tokens) : pos[0];
    const line = problems.lineOf({ index });
    if (!lines.has(line)) problems.addAt(index, wordsFor(message));
    // After an unclosed quote, everything is taken for text.
    if (UNCLOSED.test(message)) break;
    lines.add(line);
  }
  const { version } = document.directives.yaml;
  if (version !== '1.2') problems.addAt(0, `YAML ${version} is not read: leave out %YAML, for 1.2`);
}

function wordsFor(message: string): string {
  if (UNCLOSED.test(message)) return 'this quote is not closed';
  for (const [pattern, words] of MESSAGES) {
    const found = pattern.exec(message);
    if (found !== null) return words.replace('$1', found[1] ?? '');
  }
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Start of the quoted value that ends at an index. */
function startOf(end: number, tokens: readonly CST.Token[]): number {
  for (const { token } of within(tokens))
    if (
      token.type.endsWith('quoted-scalar') &&
      'source' in token &&
      token.offset + token.source.length === end
    )
      return token.offset;
  return end;
}

/** All tokens with their depth. Not recursive, since tokens may be nested deeper than the call stack. */
function* within(tokens: readonly CST.Token[]): Generator<{ token: CST.Token; depth: number }> {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    for (const token of inside(next.token)) open.push({ token, depth: next.depth + 1 });
  }
}

function inside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
