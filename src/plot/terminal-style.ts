/** How the parts of a chart look on a terminal: in colour, without it, and in plain ASCII. */

import type { Texture } from './canvas.ts';

export interface TerminalStyle {
  /** Characters across, all in all. */
  readonly width: number;
  /** Lines of the plotting area of each panel. */
  readonly height: number;
  readonly ascii: boolean;
  readonly colour: boolean;
}

const colours = {
  band: '\x1b[34m',
  line: '\x1b[1;96m',
  missing: '\x1b[33m',
  faint: '\x1b[2m',
  bold: '\x1b[1m',
};
type Colour = keyof typeof colours;
const RESET = '\x1b[0m';

const fine = { up: '│', tick: '┤', corner: '└', along: '─', mark: '┬', missing: '▴', average: '⠒⠒' };
const plain = { up: '|', tick: '+', corner: '+', along: '-', mark: '+', missing: '!', average: '**' };
const bands = { dots: '⢕⢕', shade: '░░', ascii: '::' };

/** The lines and marks that are not on the canvas. */
export function signsOf({ ascii }: TerminalStyle) {
  return ascii ? plain : fine;
}

/** Two characters of the band, for the legend. */
export function bandSign(style: TerminalStyle): string {
  return bands[textureOf(style)];
}

export function textureOf({ ascii, colour }: TerminalStyle): Texture {
  return ascii ? 'ascii' : colour ? 'dots' : 'shade';
}

/** A character and how it is painted; undefined for not at all. */
export interface Painted {
  readonly character: string;
  readonly ink: Colour | undefined;
}

/** Neighbours of one ink share their colour. */
export function paintAll(characters: readonly Painted[], style: TerminalStyle): string {
  let text = '';
  let part = '';
  for (const [at, { character, ink }] of characters.entries()) {
    part += character;
    if (ink === characters[at + 1]?.ink && at + 1 < characters.length) continue;
    text += ink === undefined ? part : paint(part, ink, style);
    part = '';
  }
  return text;
}

export function paint(text: string, colour: Colour, { colour: isOn }: TerminalStyle): string {
  return isOn && text !== '' ? `${colours[colour]}${text}${RESET}` : text;
}
