/** How a chart looks on a terminal: in colour, without it, or in plain ASCII. */

import type { Texture } from './canvas.ts';

export interface TerminalStyle {
  /** Width in characters, axis included. */
  readonly width: number;
  /** Lines of each panel's plotting area. */
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

/** The lines and symbols around the canvas. */
export function signsOf({ ascii }: TerminalStyle) {
  return ascii ? plain : fine;
}

/** Two characters that represent the band in the legend. */
export function bandSign(style: TerminalStyle): string {
  return bands[textureOf(style)];
}

/** The texture of the band. */
export function textureOf({ ascii, colour }: TerminalStyle): Texture {
  return ascii ? 'ascii' : colour ? 'dots' : 'shade';
}

/** A character and its colour; undefined for the default colour. */
export interface Painted {
  readonly character: string;
  readonly colour: Colour | undefined;
}

/** Joins the characters; a run of one colour shares its escape codes. */
export function paintAll(characters: readonly Painted[], style: TerminalStyle): string {
  let text = '';
  let part = '';
  for (const [at, { character, colour }] of characters.entries()) {
    part += character;
    if (colour === characters[at + 1]?.colour && at + 1 < characters.length) continue;
    text += colour === undefined ? part : paint(part, colour, style);
    part = '';
  }
  return text;
}

/** The text in a colour, or unchanged if colours are off. */
export function paint(text: string, colour: Colour, { colour: isOn }: TerminalStyle): string {
  return isOn && text !== '' ? `${colours[colour]}${text}${RESET}` : text;
}
