/** The unit in which a series is drawn. */

import { fromCelsius, type TemperatureUnit } from '../readings/units.ts';
import { isCelsius, signOfUnit } from '../stats/known-units.ts';
import { printable } from './display-text.ts';

/** The unit requested for all series; undefined: each keeps the unit of its rows. */
export type AskedUnit = TemperatureUnit | 'none' | undefined;

export interface ShownUnit {
  /** Written after numbers; empty for none. */
  readonly unit: string;
  /** Converts from the unit of the rows. */
  convert(value: number): number;
}

const SIGNS = { C: '°C', F: '°F', K: 'K' };

/** Converts only °C. Rows of unknown unit count as °C when a temperature unit is requested. */
export function shownUnit(asked: AskedUnit, unit: string | undefined): ShownUnit {
  if (asked !== undefined && asked !== 'none' && isCelsius(unit ?? SIGNS.C))
    return { unit: SIGNS[asked], convert: (value) => fromCelsius(value, asked) };
  return { unit: asked === 'none' ? '' : printable(signOfUnit(unit)), convert: (value) => value };
}
