/** Batches as the text that Kafka keeps with a committed offset. */

/** A batch, from its first to its last message. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly isDone: boolean;
}

const MARK = 'etlutils';
const BASE = 36;
/** A longer text is refused (offset.metadata.max.bytes). */
const MOST_BYTES = 4096;

/** As short as can be: counted from an offset. Empty for none. What does not fit is left out: it comes again after a crash. */
export function formatRanges(ranges: readonly Range[], offset: number): string {
  if (ranges.length === 0) return '';
  let text = MARK;
  for (const { first, last, isDone } of ranges) {
    const [from, to] = [first - offset, last - offset].map((number) => number.toString(BASE));
    const word = ` ${from}-${to}${isDone ? '!' : ''}`;
    if (text.length + word.length > MOST_BYTES) break;
    text += word;
  }
  return text;
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

/** The range that begins there is done. Those that are done one after the other are one to who comes next. */
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
