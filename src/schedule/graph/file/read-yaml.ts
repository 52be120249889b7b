/**
 * Reads YAML as values with places.
 *
 * Refuses the parts of YAML that make a file mean something else than it seems to: tags, merge keys, several documents. An
 * alias shares the value of its anchor, so that it costs no memory.
 */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, type Scalar } from 'yaml';
import { quote } from '../../../lines/line.ts';
import { textProblem } from '../../../lines/text.ts';
import { parseYaml } from './parse-yaml.ts';
import { label } from './shape.ts';
import { type Entry, Problems, type TextValue, type Value } from './yaml-value.ts';

/** A file as values, and its problems. */
export interface YamlFile {
  /** Undefined after a syntax error. */
  readonly root: Value | undefined;
  readonly problems: Problems;
}

/** Maximum values that all aliases expand to: nested ones let a short file expand to billions. */
const MAX_ALIASED = 100_000;

/** @param text without a byte order mark */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const problems = new Problems((index) => lines.linePos(index));
  const contents = parseYaml(text, lines, problems);
  if (contents === undefined) return { root: undefined, problems };
  const root = contents === null ? nothing(0) : new Converter(text, problems).valueOf(contents);
  return { root, problems };
}

function nothing(index: number): TextValue {
  return { kind: 'text', text: '', isNull: true, letters: undefined, index };
}

/** A value, and the number of values that it expands to. */
interface Sized {
  readonly value: Value;
  readonly size: number;
}

class Converter {
  readonly #text: string;
  readonly #problems: Problems;
  /** The value of each anchor by name; undefined while that is still being read. */
  readonly #anchors = new Map<string, Sized | undefined>();
  /** Number of values read so far, with aliases expanded. */
  #size = 0;
  #aliased = 0;

  constructor(text: string, problems: Problems) {
    this.#text = text;
    this.#problems = problems;
  }

  valueOf(node: Node): Value {
    const index = indexOf(node);
    if (isAlias(node)) return this.#aliasedBy(node.source, index);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const before = this.#size;
    this.#size += 1;
    if (node.tag !== undefined)
      this.#problems.addAt(index, 'tags such as !!str are not read: quote the value');
    const value = this.#convert(node, index);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #aliasedBy(name: string, index: number): Value {
    const found = this.#anchors.get(name);
    if (found === undefined) {
      const why = this.#anchors.has(name)
        ? 'it is inside that value'
        : `no value above is called &${label(name)}; a value that begins with * needs quotes`;
      this.#problems.addAt(index, `*${label(name)}: ${why}`);
      return this.#problems.forget(nothing(index));
    }
    const { value, size } = found;
    const isFirst = this.#aliased <= MAX_ALIASED;
    this.#size += size;
    this.#aliased += size;
    if (this.#aliased <= MAX_ALIASED) return value;
    if (isFirst)
      this.#problems.addAt(index, `the aliases up to here stand for more than ${MAX_ALIASED} values`);
    return this.#problems.forget(nothing(index));
  }

  #convert(node: Node, index: number): Value {
    if (isScalar(node)) return this.#textOf(node, index);
    if (isSeq<Node>(node))
      return { kind: 'list', index, items: node.items.map((item) => this.valueOf(item)) };
    if (isMap<Node, Node | null>(node))
      return { kind: 'mapping', index, entries: this.#entriesOf(node.items) };
    return nothing(index);
  }

  #textOf(node: Scalar, index: number): TextValue {
    const text = node.source ?? '';
    const isQuoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
    const start = index + (isQuoted ? 1 : 0);
    const problem = textProblem(text);
    if (problem !== undefined) this.#problems.addAt(index, `the value ${problem}`);
    const letters = this.#text.startsWith(text, start) ? start : undefined;
    return { kind: 'text', text, isNull: node.value === null, letters, index };
  }

  #entriesOf(pairs: readonly Pair<Node, Node | null>[]): Entry[] {
    const entries = new Map<string, Entry>();
    for (const pair of pairs) {
      const key = this.valueOf(pair.key);
      const value = pair.value === null ? nothing(key.index) : this.valueOf(pair.value);
      if (key.kind !== 'text') this.#problems.add(key, 'a key is one word, not a list or a mapping');
      else if (key.text === '<<')
        this.#problems.add(key, 'YAML 1.2 has no <<: write it into defaults, or repeat it');
      else {
        const other = entries.get(key.text);
        if (other === undefined) entries.set(key.text, { key, value });
        else
          this.#problems.add(
            key,
            `${quote(key.text)} is already on line ${this.#problems.lineOf(other.key)}`,
          );
      }
    }
    return [...entries.values()];
  }
}

function indexOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
