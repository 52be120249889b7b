/**
 * Parses terminal output: colours and styles become CSS classes; all other control sequences (cursor movement, titles,
 * links) are removed. Text before a carriage return is overwritten.
 */

/** A run of text in one style. */
export interface Piece {
  readonly text: string;
  /** CSS classes, separated by spaces; '' for plain text. */
  readonly look: string;
}

const ESC = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
const SEQUENCE = new RegExp(
  [
    // CSI: parameters, and the final byte that selects the function.
    `${ESC}\\[([0-?]*)[ -/]*([@-~])`,
    // OSC and other strings, up to their terminators.
    `${ESC}[\\]PX^_][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]?`,
    '(?!\\t)\\p{Cc}',
    // Bidirectional control characters reorder text.
    '\\p{Bidi_Control}',
  ].join('|'),
  'gu',
);

const STYLES: Readonly<Record<number, string>> = {
  ...{ 1: 'bold', 2: 'faint', 3: 'italic', 4: 'underline' },
};
/** SGR codes that end a style. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'faint'],
  23: ['italic'],
  24: ['underline'],
};
const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

interface Pen {
  readonly styles: ReadonlySet<string>;
  readonly color: string | undefined;
}

const PLAIN: Pen = { styles: new Set(), color: undefined };

/** The pieces of a line without its newline; empty for an empty line. Styles do not carry over between lines. */
export function piecesOf(line: string): readonly Piece[] {
  const text = afterCarriageReturn(line);
  // The fast path: most lines have no control characters.
  if (!/[\p{Cc}\p{Bidi_Control}]/u.test(text)) return text === '' ? [] : [{ text, look: '' }];
  const pieces: Piece[] = [];
  let pen = PLAIN;
  let from = 0;
  const add = (to: number) => {
    if (to > from) pieces.push({ text: text.slice(from, to), look: lookOf(pen) });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') pen = penAfter(pen, match[1] ?? '');
  }
  add(text.length);
  return pieces;
}

/** The visible text of a line, for searching. */
export function plainText(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** The text after the last carriage return, as progress bars rely on. */
function afterCarriageReturn(line: string): string {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

function penAfter(pen: Pen, numbers: string): Pen {
  const codes = numbers.split(/[;:]/).map(Number);
  let next = pen;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    // 256-colour and 24-bit codes are ignored, with their parameters.
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else next = withCode(next, code);
  }
  return next;
}

function withCode({ styles, color }: Pen, code: number): Pen {
  if (code === 0) return PLAIN;
  const style = STYLES[code];
  if (style !== undefined) return { styles: new Set([...styles, style]), color };
  const ended = ENDS[code];
  if (ended !== undefined)
    return { styles: new Set([...styles].filter((each) => !ended.includes(each))), color };
  if (code === 39) return { styles, color: undefined };
  const name = COLORS[code >= 90 ? code - 90 : code - 30];
  return name === undefined ? { styles, color } : { styles, color: name };
}

function lookOf({ styles, color }: Pen): string {
  return [...styles, ...(color === undefined ? [] : [color])].map((name) => `ansi-${name}`).join(' ');
}
