/**
 * A canvas of characters, drawn dot by dot on two layers.
 *
 * A Braille character has 2 × 4 dots, an ASCII one a single dot. A character that the line crosses shows no band, so that
 * the two can be told apart without colour.
 */

type Layer = 'band' | 'line';

/** How the band looks: sparse dots where colour sets it apart from the line, otherwise shaded characters, or ASCII. */
export type Texture = 'dots' | 'shade' | 'ascii';

/** One character of the canvas. */
interface Cell {
  /** A space where nothing is drawn. */
  readonly character: string;
  readonly layer: Layer | undefined;
}

/** By row and column, the bit of each dot, added to U+2800. */
const BRAILLE = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const FIRST_BRAILLE = 0x2800;
/** Minimum number of band dots in a shaded character. */
const SHADED = 3;

/** Collects dots, and renders them as rows of characters. */
export class Canvas {
  /** In dots. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #texture: Texture;
  readonly #across: number;
  readonly #down: number;
  readonly #layers: Readonly<Record<Layer, Uint8Array>>;

  /** @param columns width in characters @param rows height in characters */
  constructor(columns: number, rows: number, texture: Texture) {
    this.#columns = columns;
    this.#texture = texture;
    this.#across = texture === 'ascii' ? 1 : 2;
    this.#down = texture === 'ascii' ? 1 : 4;
    this.width = columns * this.#across;
    this.height = rows * this.#down;
    this.#layers = { band: new Uint8Array(columns * rows), line: new Uint8Array(columns * rows) };
  }

  /** Draws a dot; 0, 0 is at the top left. Dots outside the canvas are ignored. */
  draw(layer: Layer, x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    if (layer === 'band' && this.#texture === 'dots' && (x + y) % 2 === 1) return;
    const at = Math.floor(y / this.#down) * this.#columns + Math.floor(x / this.#across);
    const cells = this.#layers[layer];
    cells[at] = (cells[at] ?? 0) | (BRAILLE[y % this.#down]?.[x % this.#across] ?? 0);
  }

  /** The rows of characters, top to bottom. */
  rows(): Cell[][] {
    const rows: Cell[][] = [];
    for (let at = 0; at < this.#layers.line.length; at += this.#columns)
      rows.push(Array.from({ length: this.#columns }, (_, column) => this.#cell(at + column)));
    return rows;
  }

  #cell(at: number): Cell {
    const [band, line] = [this.#layers.band[at] ?? 0, this.#layers.line[at] ?? 0];
    if (line > 0) return { character: this.#texture === 'ascii' ? '*' : braille(line), layer: 'line' };
    const character = band === 0 ? ' ' : this.#bandCharacter(band);
    return { character, layer: character === ' ' ? undefined : 'band' };
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
