/** What is known of some units of values; all others are labels. */

const CELSIUS: ReadonlySet<string> = new Set(['°C', '℃', 'Cel', 'degC']);
/** Of UCUM, for a number without a unit. */
const ONE = '1';
/** Bytes, bits and units of SI with which people use prefixes, also per second, hour and the like. */
const PREFIXED = /^(?:[BJWVA]|bit|Hz|Pa|Wh)(?:\/\w{1,3})?$/;
/** What is counted: `requests`, `lines/s`; a number that is only counted has no unit, or one per second. */
const COUNTED = /^(?:\p{Ll}{4,})?(?:\/\w{1,3})?$/u;

/** Whether values are temperatures in °C, however that is written. */
export function isCelsius(unit: string | undefined): boolean {
  return unit !== undefined && CELSIUS.has(unit);
}

/** The unit as it stands behind a number; empty for none. */
export function signOfUnit(unit: string | undefined): string {
  return unit === undefined || unit === ONE ? '' : unit;
}

/** Whether a sign of a unit may stand behind an SI prefix: `kB`. */
export function takesPrefix(sign: string): boolean {
  return PREFIXED.test(sign) || isCounted(sign);
}

/** Whether a prefix belongs to the number, not to the unit: `12k requests`. */
export function isCounted(sign: string): boolean {
  return COUNTED.test(sign);
}
