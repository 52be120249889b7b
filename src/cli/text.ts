/** Turns the bytes of a source into text: decompressed, in UTF-8, with LF line ends, without skipped lines. */

import { isPacked, unpacked } from '../files/unpack.ts';
import { decoded, mayNeedDecoding } from '../lines/encoding.ts';
import { endsInReturns, hasNewline, LINE_END_HEAD, newlinesForReturns } from '../lines/line-ends.ts';
import { peek } from '../lines/peek.ts';
import { withoutLines } from '../lines/skip-lines.ts';
import type { LinesOf, TextForm } from '../lines/text-form.ts';

/** The name of a source, and the form of its text. */
export interface Origin {
  /** A file's name, or `stdin`. */
  readonly name: string;
  readonly form: TextForm;
  /** Warns about the source; the message must name it. */
  warn(message: string): void;
}

/** The text of a source. */
interface Text extends LinesOf {
  /** To be called once. */
  chunks(): AsyncIterable<Buffer>;
}

/** Whether input that begins with these bytes needs no decoding; lines may still have to be skipped. */
export function isPlain(head: Buffer, { encoding, mayEndInReturns }: TextForm): boolean {
  const hasReturns = mayEndInReturns === true && endsInReturns(head);
  return !hasReturns && !isPacked(head) && !mayNeedDecoding(head, encoding);
}

/** The text of plain input. */
export function plainText(chunks: AsyncIterable<Buffer>, origin: Origin): Text {
  return textOf(chunks, origin, false);
}

/**
 * The text of any input. If lines may end in CR, this waits for the first line end.
 *
 * @throws Failure (I/O) if it cannot be decompressed, (data) if it cannot be decoded; reading its chunks throws the same
 */
export async function openText(chunks: AsyncIterable<Buffer>, origin: Origin): Promise<Text> {
  const { name, form } = origin;
  const { encoding, mayEndInReturns = false } = form;
  const text = decoded(unpacked(chunks, name), name, encoding);
  if (!mayEndInReturns) return textOf(text, origin, false);
  const { head, all } = await peek(text, LINE_END_HEAD, hasNewline);
  const hasReturns = endsInReturns(head);
  return textOf(hasReturns ? newlinesForReturns(all) : all, origin, hasReturns);
}

function textOf(chunks: AsyncIterable<Buffer>, origin: Origin, hasSwappedBreaks: boolean): Text {
  const { skipLines = 0 } = origin.form;
  const read = () =>
    skipLines === 0 ? chunks : withoutLines(chunks, skipLines, () => warnNothingLeft(origin));
  return { chunks: read, firstLine: skipLines + 1, hasSwappedBreaks };
}

/** Warns that --skip-lines skips every line. */
export function warnNothingLeft({ name, form, warn }: Origin): void {
  const lines = form.skipLines === 1 ? 'line' : 'lines';
  warn(`${name}: no more than ${form.skipLines} ${lines}: --skip-lines skips them all`);
}
