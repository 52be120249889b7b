/** Encodes batches as the metadata of a committed offset. */

/** A batch by its first and last offset. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly isDone: boolean;
}

const MARK = 'etlutils';
const BASE = 36;
/** Kafka's default limit (offset.metadata.max.bytes). */
const MAX_BYTES = 4096;

/** Encodes ranges relative to an offset. Empty for none. Drops those that do not fit: a crash redelivers them. */
export function formatRanges(ranges: readonly Range[], offset: number): string {
  if (ranges.length === 0) return '';
  let text = MARK;
  for (const { first, last, isDone } of ranges) {
    const [from, to] = [first - offset, last - offset].map((number) => number.toString(BASE));
    const word = ` ${from}-${to}${isDone ? '!' : ''}`;
    if (text.length + word.length > MAX_BYTES) break;
    text += word;
  }
  return text;
}

/** Decodes ranges; none for metadata of another client. */
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

/** Marks the range that starts at `first` as done. Merges adjacent done ranges, which need not be told apart. */
export function finished<Each extends Range>(ranges: readonly Each[], first: number): Each[] {
  const all: Each[] = [];
  for (const each of ranges) {
    const isDone = each.isDone || each.first === first;
    const before = all.at(-1);
    if (isDone && before?.isDone && before.last < each.first)
      all.splice(-1, 1, { ...before, last: each.last });
    else all.push({ ...each, isDone });
  }
  return all;
}
