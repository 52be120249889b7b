/**
 * An own alphabet of strokes: a picture has the same labels on every machine, also where there are no fonts.
 *
 * A letter is how wide it is, and its strokes as an SVG path: capitals stand from 0 to 14, small letters from 4 to 14,
 * and an em is 20.
 */

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

/** Around the middle of the letter, which is at 0. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': 'M-2-.4L.8 2',
  '\u0301': 'M2-.4L-.8 2',
  '\u0302': 'M-2.4 2L0-.4 2.4 2',
  '\u0303': 'M-3 1.8C-1.6-.4-.8.2 0 .8S2 1.6 3 0',
  '\u0308': 'M-2 .8V.9M2 .8V.9',
  '\u030a': 'M0-1.2a1.7 1.7 0 1 0 .01 0',
  '\u030c': 'M-2.4-.4L0 2 2.4-.4',
  '\u0327': 'M.2 14.4C1.6 15.2 1.8 17.4-1 17.2',
};

const BOWL = 'M7.4 9C7.4 6 5.9 4 3.7 4S0 6 0 9s1.5 5 3.7 5S7.4 12 7.4 9';
const ARCH = 'M0 8.2C0 5.6 1.5 4 3.7 4 5.9 4 7 5.4 7 7.8V14';
const O = 'M5.75 0C2.3 0 0 2.8 0 7s2.3 7 5.75 7 5.75-2.8 5.75-7S9.2 0 5.75 0z';
const SMALL_O = 'M3.9 4C1.5 4 0 6 0 9s1.5 5 3.9 5 3.9-2 3.9-5-1.5-5-3.9-5z';
const C = 'M10 2.4C9 .9 7.4 0 5.6 0 2.2 0 0 2.8 0 7S2.2 14 5.6 14';
const S =
  'M8.4 2.2C7.5 .8 6.1 0 4.5 0 2.2 0 .6 1.4 .6 3.4 .6 8 9 5.6 9 10.3 9 12.5 7.2 14 4.5 14 2.6 14 1 13.2 0 11.7';
const RING = 'a2.6 3.2 0 1 0 .01 0';

const alphabet: Readonly<Record<string, readonly [width: number, strokes: string]>> = {
  ' ': [3, ''],
  '0': [9, 'M4.5 0C1.5 0 0 3 0 7s1.5 7 4.5 7S9 11 9 7 7.5 0 4.5 0z'],
  '1': [9, 'M1.4 3L5.2 0V14'],
  '2': [9, 'M.4 3.8C.6 1.4 2.2 0 4.5 0 7 0 8.6 1.6 8.6 3.9 8.6 7.4 4 9.6 .2 14H9'],
  '3': [
    9,
    'M.5 2.2C1.5 .8 2.8 0 4.4 0 6.8 0 8.4 1.4 8.4 3.5S6.8 6.7 4 6.7C7 6.7 9 8 9 10.3S7 14 4.4 14C2.6 14 1 13.2 0 11.6',
  ],
  '4': [9, 'M6.8 14V0L0 9.8H9'],
  '5': [9, 'M8.2 0H1.6L.9 6.4C1.9 5.6 3 5.2 4.3 5.2 7 5.2 9 7 9 9.6S7 14 4.3 14C2.5 14 1 13.3 0 11.9'],
  '6': [9, 'M7.8 .8C4-.9 0 2.6 0 9.2 0 12.2 1.8 14 4.5 14S9 12.1 9 9.5 7.2 5.2 4.6 5.2 .2 7 0 9.2'],
  '7': [9, 'M0 0H9C5.5 4.5 3.6 9 3.2 14'],
  '8': [
    9,
    'M4.5 6.6C2.2 6.6 .7 5.2 .7 3.3S2.2 0 4.5 0 8.3 1.4 8.3 3.3 6.8 6.6 4.5 6.6C1.8 6.6 0 8.1 0 10.3S1.8 14 4.5 14 9 12.5 9 10.3 7.2 6.6 4.5 6.6z',
  ],
  '9': [9, 'M1.2 13.2C5 14.9 9 11.4 9 4.8 9 1.8 7.2 0 4.5 0S0 1.9 0 4.5 1.8 8.8 4.4 8.8 8.8 7 9 4.8'],
  A: [11, 'M0 14L5.5 0 11 14M2 9.2H9'],
  B: [9, 'M0 0V14H5C7.6 14 9 12.5 9 10.3S7.6 6.6 5 6.6H0M5 6.6C7 6.6 8.2 5.3 8.2 3.3S7 0 5 0H0'],
  C: [10, `${C}C7.4 14 9 13.1 10 11.6`],
  D: [10, 'M0 0V14H4C7.8 14 10 11.3 10 7S7.8 0 4 0z'],
  E: [8, 'M8 0H0V14H8M0 6.7H7'],
  F: [8, 'M8 0H0V14M0 6.9H7'],
  G: [10.4, `${C}C8.4 14 10.4 12.2 10.4 9V7.6H6`],
  H: [10, 'M0 0V14M10 0V14M0 6.8H10'],
  I: [0, 'M0 0V14'],
  J: [6, 'M6 0V10C6 12.6 4.8 14 2.8 14 1.6 14 .7 13.6 0 12.8'],
  K: [9, 'M0 0V14M8.8 0L0 8.4M3.2 5.6L9.2 14'],
  L: [7.5, 'M0 0V14H7.5'],
  M: [12, 'M0 14V0L6 9 12 0V14'],
  N: [10, 'M0 14V0L10 14V0'],
  O: [11.5, O],
  P: [9, 'M0 14V0H5C7.6 0 9 1.6 9 3.9S7.6 7.8 5 7.8H0'],
  Q: [11.5, `${O}M7.4 10.4L11.4 15`],
  R: [9.4, 'M0 14V0H5C7.6 0 9 1.6 9 3.7S7.6 7.4 5 7.4H0M5.2 7.4L9.4 14'],
  S: [9, S],
  T: [10, 'M0 0H10M5 0V14'],
  U: [9.6, 'M0 0V9C0 12.2 1.8 14 4.8 14S9.6 12.2 9.6 9V0'],
  V: [10.6, 'M0 0L5.3 14 10.6 0'],
  W: [15, 'M0 0L3.7 14 7.5 1 11.3 14 15 0'],
  X: [9.6, 'M0 0L9.6 14M9.6 0L0 14'],
  Y: [10, 'M0 0L5 7.2 10 0M5 7.2V14'],
  Z: [9, 'M0 0H9L0 14H9'],
  a: [7.4, `M7.4 4.2V14${BOWL}`],
  b: [7.4, `M0 0V14${BOWL}`],
  c: [6.8, 'M6.8 5.7C6.1 4.6 5 4 3.8 4 1.5 4 0 6 0 9s1.5 5 3.8 5C5 14 6.1 13.4 6.8 12.3'],
  d: [7.4, `M7.4 0V14${BOWL}`],
  e: [7.4, 'M0 8.8H7.4C7.4 5.9 6 4 3.8 4S0 6 0 9s1.5 5 4 5C5.4 14 6.5 13.4 7.2 12.3'],
  f: [4.6, 'M5.2 .2C2.9-.4 1.8 .8 1.8 2.8V14M0 4.6H4.6'],
  g: [7.4, `M7.4 4.2V14C7.4 16.8 6 18 3.8 18 2.4 18 1.2 17.6 .4 16.8${BOWL}`],
  h: [7, `M0 0V14${ARCH}`],
  i: [0, 'M0 4.2V14M0 .5V.6'],
  ı: [0, 'M0 4.2V14'],
  j: [1.6, 'M1.6 4.2V15.4C1.6 17.2 1 18-.6 17.9M1.6 .5V.6'],
  k: [7, 'M0 0V14M6.6 4.2L0 10.2M2.4 8L7 14'],
  l: [1.6, 'M0 0V11.8C0 13.4 .6 14 1.8 14'],
  m: [
    12,
    'M0 4.2V14M0 7.6C0 5.4 1.2 4 3.1 4 5 4 6 5.3 6 7.4V14M6 7.6C6 5.4 7.2 4 9.1 4 11 4 12 5.3 12 7.4V14',
  ],
  n: [7, `M0 4.2V14${ARCH}`],
  o: [7.8, SMALL_O],
  p: [7.4, `M0 4.2V18${BOWL}`],
  q: [7.4, `M7.4 4.2V18${BOWL}`],
  r: [4.2, 'M0 4.2V14M0 8.6C0 5.6 1.8 3.8 4.4 4.2'],
  s: [
    6.4,
    'M6 5.4C5.4 4.5 4.4 4 3.2 4 1.6 4 .4 4.9 .4 6.4 .4 9.8 6.4 8 6.4 11.4 6.4 13 5.1 14 3.3 14 1.9 14 .7 13.4 0 12.3',
  ],
  t: [4.6, 'M1.8 1V11.4C1.8 13.4 2.8 14.3 4.8 13.8M0 4.4H4.6'],
  u: [7, 'M0 4.2V10.2C0 12.6 1.1 14 3.3 14 5.5 14 7 12.4 7 9.8M7 4.2V14'],
  v: [7.6, 'M0 4.2L3.8 14 7.6 4.2'],
  w: [11.4, 'M0 4.2L2.9 14 5.7 5 8.5 14 11.4 4.2'],
  x: [7.2, 'M0 4.2L7.2 14M7.2 4.2L0 14'],
  y: [7.6, 'M0 4.2L3.9 14M7.6 4.2L3.2 16C2.6 17.6 1.6 18.2 .2 17.9'],
  z: [6.8, 'M0 4.2H6.8L0 14H6.8'],
  ß: [
    7.2,
    'M0 14V3.4C0 1.2 1.4 0 3.4 0S6.6 1.2 6.6 3 4 5.2 4 7 7.2 9 7.2 11.4C7.2 13 6 14 4.4 14 3.6 14 3 13.8 2.6 13.4',
  ],
  ø: [7.8, `${SMALL_O}M7.6 3.4L.2 14.6`],
  Ø: [11.5, `${O}M10.8 0L.8 14`],
  '.': [0, 'M0 13.5V13.6'],
  ',': [0.8, 'M.7 13.4L0 16.2'],
  ':': [0, 'M0 5.6V5.7M0 13.5V13.6'],
  ';': [0.8, 'M.7 5.6V5.7M.7 13.4L0 16.2'],
  '-': [5, 'M0 9H5'],
  '–': [8, 'M0 9H8'],
  '—': [13, 'M0 9H13'],
  '−': [9, 'M0 9H9'],
  _: [9, 'M0 16H9'],
  '+': [9, 'M4.5 4.5V13.5M0 9H9'],
  '=': [9, 'M0 6.6H9M0 11.4H9'],
  '/': [6, 'M6-.6L0 15.4'],
  '\\': [6, 'M0-.6L6 15.4'],
  '(': [3, 'M3-1C-1 4-1 12 3 17'],
  ')': [3, 'M0-1C4 4 4 12 0 17'],
  '[': [2.6, 'M2.6-1H0V17H2.6'],
  ']': [2.6, 'M0-1H2.6V17H0'],
  '{': [3.4, 'M3.4-1C1.4-1 1.6 .4 1.6 3.4S1.4 8 0 8C1.4 8 1.6 9.6 1.6 12.6S1.4 17 3.4 17'],
  '}': [3.4, 'M0-1C2-1 1.8 .4 1.8 3.4S2 8 3.4 8C2 8 1.8 9.6 1.8 12.6S2 17 0 17'],
  '|': [0, 'M0-1V18'],
  '!': [0, 'M0 0V9.4M0 13.5V13.6'],
  '?': [7, 'M0 2.4C.7 .9 2 0 3.5 0 5.6 0 7 1.3 7 3.2 7 6 3.4 6.4 3.4 9.8M3.4 13.5V13.6'],
  '%': [12, `M10.4 0L1.6 14M2.6 0${RING}M9.4 7.6${RING}`],
  '&': [
    10,
    'M9.6 14L2.2 4.2C.8 2.2 2 0 4 0S7 2.2 5.4 4C3.6 6 0 7 0 10.4 0 12.6 1.6 14 3.8 14 7 14 9 11.4 9.4 8',
  ],
  '#': [10, 'M3.4 0L1.8 14M8.2 0L6.6 14M.6 4.6H10M0 9.4H9.4'],
  '@': [
    13,
    'M9.4 5V9.4C9.4 11 10 11.6 11 11.6 12.4 11.6 13 10 13 8 13 4 10.4 1.4 6.6 1.4S0 4.4 0 8.4s2.8 7 6.8 7C8.4 15.4 9.8 15 11 14.2M9.4 8C9.4 6.2 8.2 5 6.6 5S3.8 6.4 3.8 8.4s1.2 3.2 2.8 3.2S9.4 10.2 9.4 8',
  ],
  $: [9, `${S}M4.5-2V16`],
  '*': [6, 'M3 0V7M0 1.8L6 5.2M6 1.8L0 5.2'],
  '"': [3, 'M0 0V4M3 0V4'],
  "'": [0, 'M0 0V4'],
  '`': [2, 'M0 0L2 2.4'],
  '^': [7, 'M0 5L3.5 0 7 5'],
  '~': [8.8, 'M0 9.6C1.6 7.4 3 8 4.4 9S7.2 10.4 8.8 8.2'],
  '<': [7, 'M7 4.4L0 9 7 13.6'],
  '>': [7, 'M0 4.4L7 9 0 13.6'],
  '°': [4.8, 'M2.4 0a2.4 2.4 0 1 0 .01 0'],
  '·': [0, 'M0 9V9.1'],
  '…': [9, 'M0 13.5V13.6M4.5 13.5V13.6M9 13.5V13.6'],
  '�': [
    9,
    'M0 0H9V14H0zM2.6 4.4C2.8 3.2 3.6 2.6 4.5 2.6 5.8 2.6 6.5 3.4 6.5 4.6 6.5 6.4 4.5 6.8 4.5 8.6M4.5 11.3V11.4',
  ],
};
