/** YAML 1.2 to the nodes of the library; what is wrong with its syntax in words that do not need the specification. */

import type { CST, Document, LineCounter, Node, YAMLError } from 'yaml';
import { yaml } from '../../load.ts';
import type { Problems } from './yaml-value.ts';

/** A graph needs six. */
const DEEPEST = 32;

/** What the library finds wrong, where its own words are for those who know the specification. */
const MESSAGES: ReadonlyMap<YAMLError['code'], string> = new Map<YAMLError['code'], string>([
  ['BAD_SCALAR_START', 'a value that begins with this letter needs quotes'],
  [
    'BAD_DQ_ESCAPE',
    'in double quotes \\ begins an escape, and this is none: write \\\\, or use single quotes',
  ],
  ['BLOCK_AS_IMPLICIT_KEY', 'a second colon on this line: put the value into quotes'],
  ['MULTIPLE_DOCS', 'a second document: a file has one graph'],
  ['TAB_AS_INDENT', 'indented by a tab: YAML takes blanks only'],
  ['MULTILINE_IMPLICIT_KEY', 'a colon is missing here, or a quote is not closed'],
]);

/**
 * @param text without a byte order mark
 * @returns undefined when its syntax is wrong, which is told; null when nothing is in it
 */
export function parseYaml(text: string, lines: LineCounter, problems: Problems): Node | null | undefined {
  const { Composer, Parser } = yaml();
  // As parseDocument does, which would run out of stack where brackets are nested by the thousand.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    problems.addAt(deep, `more than ${DEEPEST} values within each other`);
    return undefined;
  }
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, strict: true });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return null;
  addErrors(document, problems);
  const next = second?.range[0];
  if (next !== undefined) problems.addAt(next, 'a second document: a file has one graph');
  return problems.count > 0 ? undefined : document.contents;
}

function addErrors(document: Document.Parsed, problems: Problems): void {
  for (const { code, message, pos } of document.errors) {
    const words = MESSAGES.get(code) ?? message.charAt(0).toLowerCase() + message.slice(1);
    problems.addAt(pos[0], words);
  }
  if (document.directives.yaml.version !== '1.2')
    problems.addAt(0, `YAML ${document.directives.yaml.version} is not read: leave out %YAML, for 1.2`);
}

/** Where values are nested too deeply; undefined when none are. Without recursion, which would be nested as deeply. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST) return token.offset;
    for (const inner of within(token)) open.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function within(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
