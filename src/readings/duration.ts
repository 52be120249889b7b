/** Parses and formats durations as people write them: `90s`, `15m`, `7d`, `1h30m`, and ISO 8601 (`PT1H`, `P1DT12H`). */

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const SHORT = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
/** Zero, with any unit or none. */
const NONE = /^(?:0(?:ms|[smhdw])?|PT0S)$/;
const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const ISO = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Parses a duration, for an option's `parse`.
 *
 * @returns milliseconds, more than 0
 * @throws Error with a message for the user; years and months are refused, because their length varies
 */
export function parseDuration(text: string): number {
  const milliseconds = Math.round(SHORT.test(text) ? fromShort(text) : fromIso(text));
  if (!(milliseconds > 0) || !Number.isSafeInteger(milliseconds)) {
    const seconds = /^[1-9]\d{0,8}$/.test(text) ? `${text}s` : '90s';
    throw new Error(`not a duration: ${JSON.stringify(text)} (write ${seconds}, 15m, 1h, 7d or PT1H)`);
  }
  return milliseconds;
}

/** Parses a time to wait: a duration or 0, for an option's `parse`. @returns milliseconds @throws like `parseDuration` */
export function parseWait(text: string): number {
  return NONE.test(text) ? 0 : parseDuration(text);
}

/** The milliseconds of a text that may be a duration; 0 for any other text. */
export function durationOr0(text: string): number {
  if (!/^[\dP]/.test(text)) return 0;
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}

const MONTHS = /^(?:([1-9]\d?)(mo|y)|P([1-9]\d?)([MY]))$/;
const DAY = 86_400_000;
/** How much a change of the clock can lengthen a month. */
const CLOCK_CHANGE = 3_600_000;

/** The number of calendar months that a text means: `1mo`, `3mo`, `1y`, `P1M`, `P1Y`; undefined for any other text. */
export function parseMonths(text: string): number | undefined {
  const [, short, shortUnit, iso, isoUnit] = MONTHS.exec(text) ?? [];
  const count = short ?? iso;
  if (count === undefined) return undefined;
  return Number(count) * (shortUnit === 'y' || isoUnit === 'Y' ? 12 : 1);
}

/** The greatest length in milliseconds of this many consecutive months. */
export function longestMonths(months: number): number {
  const years = Math.floor(months / 12);
  return (years * 366 + (months - 12 * years) * 31) * DAY + CLOCK_CHANGE;
}

/** Formats milliseconds for `parseWait`: `1h30m`. */
export function showDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const length = UNITS[unit] ?? 1;
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

function fromShort(text: string): number {
  let sum = 0;
  for (const [, count = '', unit = ''] of text.matchAll(PART)) sum += Number(count) * (UNITS[unit] ?? 0);
  return sum;
}

function fromIso(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return 0;
  const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return (
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
    Number(seconds) * 1000
  );
}
