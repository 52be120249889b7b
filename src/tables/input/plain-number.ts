/** Canonical spelling of numbers, in linear time. */

const ZERO = 48;

/**
 * The same number without an exponent, trailing zeros of the fraction, and the sign of zero.
 *
 * @param text a JSON number
 */
export function plainNumber(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, '0');
  const split = Math.max(1, point);
  const plain = digits.slice(0, split).replace(/^0+(?=.)/, '');
  const rest = withoutLastZeros(digits.slice(split));
  const number = rest === '' ? plain : `${plain}.${rest}`;
  return number === '0' ? number : `${sign}${number}`;
}

/** Strips trailing zeros. */
export function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  return digits.slice(0, end);
}
