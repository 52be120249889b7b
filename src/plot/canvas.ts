/**
 * Characters as paper: each shows some dots, which are drawn one by one, in two inks.
 *
 * Braille has two dots across and four down in each character, plain ASCII has one. Where the line runs through a
 * character, the band leaves it free, so that the line can be told from it without colour too.
 */

export type Ink = 'band' | 'line';

/** What the band looks like: thin dots, for where colour tells them from the line; shaded characters; ASCII. */
export type Texture = 'dots' | 'shade' | 'ascii';

export interface Cell {
  /** A blank where nothing is drawn. */
  readonly character: string;
  readonly ink: Ink | undefined;
}

/** By row and column, the bit of the dot in U+2800. */
const BRAILLE = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const FIRST_BRAILLE = 0x2800;
/** A character with fewer dots of the band is not shaded. */
const SHADED = 3;

export class Canvas {
  /** In dots. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #texture: Texture;
  readonly #across: number;
  readonly #down: number;
  readonly #inks: Readonly<Record<Ink, Uint8Array>>;

  /** @param columns characters across @param rows characters down */
  constructor(columns: number, rows: number, texture: Texture) {
    this.#columns = columns;
    this.#texture = texture;
    this.#across = texture === 'ascii' ? 1 : 2;
    this.#down = texture === 'ascii' ? 1 : 4;
    this.width = columns * this.#across;
    this.height = rows * this.#down;
    this.#inks = { band: new Uint8Array(columns * rows), line: new Uint8Array(columns * rows) };
  }

  /** From 0 at the left and at the top; what lies outside is not drawn. */
  draw(ink: Ink, x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    if (ink === 'band' && this.#texture === 'dots' && (x + y) % 2 === 1) return;
    const at = Math.floor(y / this.#down) * this.#columns + Math.floor(x / this.#across);
    const cells = this.#inks[ink];
    cells[at] = (cells[at] ?? 0) | (BRAILLE[y % this.#down]?.[x % this.#across] ?? 0);
  }

  /** From the top. */
  rows(): Cell[][] {
    const rows: Cell[][] = [];
    for (let at = 0; at < this.#inks.line.length; at += this.#columns)
      rows.push(Array.from({ length: this.#columns }, (_, column) => this.#cell(at + column)));
    return rows;
  }

  #cell(at: number): Cell {
    const [band, line] = [this.#inks.band[at] ?? 0, this.#inks.line[at] ?? 0];
    if (line > 0) return { character: this.#texture === 'ascii' ? '*' : braille(line), ink: 'line' };
    const character = band === 0 ? ' ' : this.#bandCharacter(band);
    return { character, ink: character === ' ' ? undefined : 'band' };
  }

  #bandCharacter(dots: number): string {
    if (this.#texture === 'ascii') return ':';
    if (this.#texture === 'dots') return braille(dots);
    return countBits(dots) < SHADED ? ' ' : '░';
  }
}

function braille(dots: number): string {
  return String.fromCharCode(FIRST_BRAILLE + dots);
}

function countBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
