/** Converts units of temperature at the edge of the program. Inside, a temperature is always in °C. */

import { type Decimal, multiplyByRatio, subtract } from '../stats/decimal.ts';

/** Celsius, Fahrenheit or kelvin. */
export type TemperatureUnit = 'C' | 'F' | 'K';

const FREEZING_FAHRENHEIT: Decimal = { units: 32n, scale: 0 };
const FREEZING_KELVIN: Decimal = { units: 27315n, scale: 2 };

/**
 * Converts to °C. From kelvin the result is exact; from Fahrenheit it is rounded half away from zero to two decimal places
 * more than the value has, because ninths do not terminate.
 */
export function toCelsius(value: Decimal, unit: TemperatureUnit): Decimal {
  if (unit === 'F') return multiplyByRatio(subtract(value, FREEZING_FAHRENHEIT), 5n, 9n, value.scale + 2);
  if (unit === 'K') return subtract(value, FREEZING_KELVIN);
  return value;
}

/** Converts from thousandths of a degree, as reported by Linux: 21350 is 21.350. */
export function fromThousandths(value: Decimal): Decimal {
  return { units: value.units, scale: value.scale + 3 };
}

/** Converts from °C for display: more precise than what is shown, but not exact. */
export function fromCelsius(celsius: number, unit: TemperatureUnit): number {
  if (unit === 'F') return celsius * 1.8 + 32;
  return unit === 'K' ? celsius + 273.15 : celsius;
}
