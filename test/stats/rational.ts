/** A slow exact oracle: fractions of integers, rounded by hand. */

export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Parses a plain decimal such as -21.50. */
export function rational(text: string): Rational {
  const [whole = '', fraction = ''] = text.split('.');
  return { top: BigInt(whole + fraction), bottom: 10n ** BigInt(fraction.length) };
}

export function plus(a: Rational, b: Rational): Rational {
  return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
}

export function times(a: Rational, b: Rational): Rational {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom };
}

export function isLess(a: Rational, b: Rational): boolean {
  return a.top * b.bottom < b.top * a.bottom;
}

/** Rounds half away from zero, digit by digit. */
export function round({ top, bottom }: Rational, decimals: number): string {
  const negative = top < 0n !== bottom < 0n && top !== 0n;
  const a = top < 0n ? -top : top;
  const b = bottom < 0n ? -bottom : bottom;
  let digits = (a / b).toString();
  let rest = a % b;
  let fraction = '';
  for (let at = 0; at < decimals; at++) {
    rest *= 10n;
    fraction += (rest / b).toString();
    rest %= b;
  }
  if (rest * 2n >= b) {
    const up = (BigInt(digits + fraction) + 1n).toString().padStart(decimals + 1, '0');
    digits = up.slice(0, up.length - decimals);
    fraction = up.slice(up.length - decimals);
  }
  const text = decimals === 0 ? digits : `${digits}.${fraction}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}
