/**
 * An own alphabet of strokes: a picture has the same labels on every machine, also where there are no fonts.
 *
 * In the measure of the alphabet an em is 20, and letters stand on 14.
 */

import { accents, alphabet } from './alphabet.ts';

const EM = 20;
const BASELINE = 14;
/** Left and right of each letter. */
const SIDE = { plain: 1.8, bold: 2.1 };
/** How thick strokes are, in the same measure. */
const WEIGHT = { plain: 1.6, bold: 2.4 };

export interface Lettering {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold: boolean;
}

/** The text as one path without fill; undefined when it has a letter that there is not. */
export function strokesOf(text: string, { x, y, size, anchor, bold }: Lettering) {
  const letters = lettersOf(text);
  if (letters === undefined) return undefined;
  const scale = size / EM;
  const side = bold ? SIDE.bold : SIDE.plain;
  const width = letters.reduce((sum, letter) => sum + letter.width + 2 * side, 0) * scale;
  let at = x - (anchor === 'start' ? 0 : anchor === 'end' ? width : width / 2);
  let path = '';
  for (const letter of letters) {
    for (const { dx, dy, d } of letter.strokes)
      path += moved(d, scale, at + (side + dx) * scale, y + (dy - BASELINE) * scale);
    at += (letter.width + 2 * side) * scale;
  }
  return { path, thickness: (bold ? WEIGHT.bold : WEIGHT.plain) * scale };
}

/** The text with U+FFFD for each letter that there is not. */
export function knownLetters(text: string): string {
  const letters = [...text.normalize('NFC')];
  return letters.map((letter) => (letterOf(letter) === undefined ? '\ufffd' : letter)).join('');
}

interface Stroke {
  readonly dx: number;
  readonly dy: number;
  readonly d: string;
}

interface Letter {
  readonly width: number;
  readonly strokes: readonly Stroke[];
}

function lettersOf(text: string): Letter[] | undefined {
  const letters: Letter[] = [];
  for (const character of text.normalize('NFC')) {
    const letter = letterOf(character);
    if (letter === undefined) return undefined;
    letters.push(letter);
  }
  return letters;
}

/** An accent stands in the middle above its letter, higher above a capital. */
function letterOf(character: string): Letter | undefined {
  const [base = '', mark, ...more] = character.normalize('NFD');
  const glyph = alphabet[mark !== undefined && base === 'i' ? 'ı' : base];
  if (glyph === undefined || more.length > 0) return undefined;
  const [width, d] = glyph;
  const strokes: Stroke[] = [{ dx: 0, dy: 0, d }];
  if (mark !== undefined) {
    const accent = accents[mark];
    if (accent === undefined) return undefined;
    const isBelow = mark === '\u0327';
    strokes.push({ dx: width / 2, dy: !isBelow && base === base.toUpperCase() ? -4 : 0, d: accent });
  }
  return { width, strokes };
}

/** Of the parameters of an arc only its radii and its end are lengths; all commands here have pairs but H, V and a. */
function moved(d: string, scale: number, dx: number, dy: number): string {
  return d.replace(/([A-Za-z])([^A-Za-z]*)/g, (_, command: string, text: string) => {
    const numbers = (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const isRelative = command === command.toLowerCase();
    const place = (value: number, at: number) => {
      if (command === 'a') return at > 1 && at < 5 ? value : value * scale;
      if (isRelative) return value * scale;
      const isAcross = command === 'H' || (command !== 'V' && at % 2 === 0);
      return value * scale + (isAcross ? dx : dy);
    };
    return command + numbers.map((value, at) => Number(place(value, at).toFixed(2))).join(' ');
  });
}
