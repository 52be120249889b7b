/** In which unit a series is drawn. */

import { fromCelsius, type TemperatureUnit } from '../readings/units.ts';
import { isCelsius, signOfUnit } from '../stats/known-units.ts';
import { printable } from './display-text.ts';

/** What is asked for all series; undefined: each is drawn as its rows are. */
export type AskedUnit = TemperatureUnit | 'none' | undefined;

export interface ShownUnit {
  /** Written after numbers; empty for none. */
  readonly unit: string;
  /** From the unit of the rows to this one. */
  convert(value: number): number;
}

const SIGNS = { C: '°C', F: '°F', K: 'K' };

/** Only °C is converted; rows of which nobody knows the unit are taken for °C when a temperature is asked for. */
export function shownUnit(asked: AskedUnit, unit: string | undefined): ShownUnit {
  if (asked !== undefined && asked !== 'none' && isCelsius(unit ?? SIGNS.C))
    return { unit: SIGNS[asked], convert: (value) => fromCelsius(value, asked) };
  return { unit: asked === 'none' ? '' : printable(signOfUnit(unit)), convert: (value) => value };
}
