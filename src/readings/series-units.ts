/**
 * The unit of a series, such as `°C`, `%` or `B`: given by a further column `unit` of its rows, or else by a list of sensor
 * name patterns. It is a label: no number is converted.
 */

import { quote } from '../lines/line.ts';
import { textProblem } from '../lines/text.ts';
import { parseBySensor, type SensorRule, valueFor } from './by-sensor.ts';
import type { StatsRow } from './stats-row.ts';

/** The column that gives a row's unit. */
export const UNIT_COLUMN = 'unit';

/** In characters; the longest units of UCUM in practical use are half as long. */
const LONGEST_UNIT = 32;

export type UnitRule = SensorRule<string>;

/** Parses `UNIT` (for all) or `PATTERN=UNIT,...`, for an option's `parse`. @throws Error with a message for the user */
export function parseUnits(text: string): UnitRule[] {
  return parseBySensor(text, (value) => {
    const unit = value.trim();
    const problem = unitProblem(unit);
    if (problem === undefined) return unit;
    throw new Error(`unit ${problem}: ${quote(unit)}`);
  });
}

/** The unit that a row gives; undefined if it gives none, or the column holds something else. */
export function unitOfRow({ extra }: StatsRow): string | undefined {
  const unit = extra.get(UNIT_COLUMN)?.trim();
  return unit === undefined || unitProblem(unit) !== undefined ? undefined : unit;
}

/** The unit of a series, from its newest row or else from these rules; undefined if neither gives one. */
export function unitOfSeries(rules: readonly UnitRule[], newest: StatsRow): string | undefined {
  return unitOfRow(newest) ?? valueFor(rules, newest.sensor);
}

/** Why text is not a unit, to follow the word for it in a message. */
function unitProblem(unit: string): string | undefined {
  if (unit === '') return 'is empty';
  if (unit.length > LONGEST_UNIT) return `is longer than ${LONGEST_UNIT} characters`;
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(unit)) return 'has a control character';
  if (/[,=]/.test(unit)) return 'has a comma or an equals sign';
  return textProblem(unit);
}
