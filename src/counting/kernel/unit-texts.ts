/** Units that depend on sensors' names, as texts to copy into rows: see `src/kernels/readings/row-notation.ts`. */

import { needsQuotes } from '../../lines/format-rows.ts';
import { protocolWord } from '../../lines/line-protocol.ts';
import { valueFor, valueForAll } from '../../readings/by-sensor.ts';
import type { UnitRule } from '../../readings/series-units.ts';

/** How rows are written. */
export type Notation = 'csv' | 'json' | 'influx';

/** Bytes before a text: its length. */
const HEAD = 2;
/** Bytes of padding after the last text: texts are copied eight bytes at a time. */
export const MARGIN = 8;

/** The texts, concatenated. */
export class UnitTexts {
  readonly bytes: Buffer;
  readonly #rules: readonly UnitRule[];
  readonly #offsets = new Map<string, number>();

  /** Without rules, or with one for all sensors, there are no texts. */
  constructor(rules: readonly UnitRule[], notation: Notation) {
    this.#rules = rules;
    const texts: Buffer[] = [];
    let offset = 0;
    for (const unit of valueForAll(rules) === undefined ? rules.map(({ value }) => value) : []) {
      const text = Buffer.from(unitText(unit, notation) ?? unit);
      const head = Buffer.alloc(HEAD);
      head.writeUInt16LE(text.length);
      texts.push(head, text);
      this.#offsets.set(unit, offset);
      offset += HEAD + text.length;
    }
    this.bytes = Buffer.concat([...texts, Buffer.alloc(MARGIN)]);
  }

  /** Whether rows of this notation can hold the units without quotes. */
  static canWrite(rules: readonly UnitRule[], notation: Notation): boolean {
    return rules.every(({ value }) => unitText(value, notation) !== undefined);
  }

  /** The offset of a sensor's text in `bytes`; undefined if it has none. */
  offsetFor(sensor: string): number | undefined {
    const unit = valueFor(this.#rules, sensor);
    return unit === undefined ? undefined : this.#offsets.get(unit);
  }
}

/** A unit as it is written in rows; undefined if CSV must quote it. */
export function unitText(unit: string, notation: Notation): string | undefined {
  if (notation === 'json') return JSON.stringify(unit);
  if (notation === 'influx') return protocolWord(unit);
  return needsQuotes(unit) ? undefined : unit;
}
