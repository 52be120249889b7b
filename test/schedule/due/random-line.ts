/** Generates valid crontab fields. */

const KINDS = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: 'jan feb mar Apr may JUN jul aug sep oct nov dec'.split(' ') },
  { low: 0, high: 7, names: 'sun Mon tue wed thu FRI sat'.split(' ') },
];

/** Five fields, some of which match on no day. */
export function randomFields(random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  const between = (low: number, high: number): number => low + below(high - low + 1);
  const fields = KINDS.map(({ low, high, names }, index) => {
    const shown = (value: number): string => {
      const name = names[value - low];
      if (name !== undefined && below(3) === 0) return name;
      return value < 10 && below(6) === 0 ? `0${value}` : String(value);
    };
    const step = (): string => (below(3) === 0 ? `/${between(1, below(4) === 0 ? high + 9 : 7)}` : '');
    const item = (): string => {
      const kind = below(6);
      if (kind === 0) return `*${step()}`;
      const first = between(low, high);
      if (kind < 4) return shown(first);
      const last = between(first, high);
      return `${shown(first)}-${shown(last)}${step()}`;
    };
    // Hours around clock changes, and wildcards for days, find more differences.
    if (index === 1 && below(3) === 0) return `${between(0, 2)}${below(2) === 0 ? '' : `-${between(2, 4)}`}`;
    if (index > 1 && below(2) === 0) return '*';
    return Array.from({ length: below(3) === 0 ? between(2, 4) : 1 }, item).join(',');
  });
  return fields.join(below(8) === 0 ? '\t' : ' ');
}
