/** Batches as the text that Kafka keeps with a committed offset, of at most 4 KiB. */

/** A batch, from its first to its last message. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly isDone: boolean;
}

const MARK = 'etlutils';
const BASE = 36;

/** As short as can be: counted from an offset. Empty for none. */
export function formatRanges(ranges: readonly Range[], offset: number): string {
  if (ranges.length === 0) return '';
  const words = ranges.map(({ first, last, isDone }) => {
    const [from, to] = [first - offset, last - offset].map((number) => number.toString(BASE));
    return `${from}-${to}${isDone ? '!' : ''}`;
  });
  return [MARK, ...words].join(' ');
}

/** None, of a text that another client has written. */
export function parseRanges(text: string, offset: number): Range[] {
  const [mark, ...words] = text.split(' ');
  if (mark !== MARK) return [];
  const ranges = words.map((word) => {
    const [, first = '', last = '', done] = /^([0-9a-z]+)-([0-9a-z]+)(!?)$/.exec(word) ?? [];
    return {
      first: offset + parseInt(first, BASE),
      last: offset + parseInt(last, BASE),
      isDone: done === '!',
    };
  });
  return ranges.every(({ first, last }) => first <= last) ? ranges : [];
}
