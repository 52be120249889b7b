/** Knowledge about some units; all others are mere labels. */

const CELSIUS: ReadonlySet<string> = new Set(['°C', '℃', 'Cel', 'degC']);
/** UCUM's unit of dimensionless numbers. */
const ONE = '1';
/** Units commonly used with SI prefixes, also per second, hour and so on. */
const PREFIXED = /^(?:[BJWVA]|bit|Hz|Pa|Wh)(?:\/\w{1,3})?$/;
/** Counted things, such as `requests` or `lines/s`; also no unit at all, or only `/s`. */
const COUNTED = /^(?:\p{Ll}{4,})?(?:\/\w{1,3})?$/u;

/** Whether values are in °C, in any spelling. */
export function isCelsius(unit: string | undefined): boolean {
  return unit !== undefined && CELSIUS.has(unit);
}

/** The symbol after a number; empty for none. */
export function signOfUnit(unit: string | undefined): string {
  return unit === undefined || unit === ONE ? '' : unit;
}

/** Whether a symbol can have an SI prefix: `kB`. */
export function takesPrefix(sign: string): boolean {
  return PREFIXED.test(sign) || isCounted(sign);
}

/** Whether a prefix goes to the number instead of the unit: `12k requests`. */
export function isCounted(sign: string): boolean {
  return COUNTED.test(sign);
}
