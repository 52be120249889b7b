/** Prometheus' text exposition format (version 0.0.4). */

export type Labels = Readonly<Record<string, string>>;

/** A value with its labels; undefined if there is none. */
export type Sample = readonly [labels: Labels, value: number | undefined, suffix?: '_sum' | '_count'];

/** The header of a metric, before its samples. */
export function family(
  name: string,
  type: 'counter' | 'gauge' | 'histogram' | 'summary',
  help: string,
): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** A line: a metric's value. */
export function sample(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${value}\n`;
}

/** A metric with all its samples; empty if none has a value. */
export function metric(
  name: string,
  type: 'counter' | 'gauge' | 'summary',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([labels, value, suffix = '']) =>
    value === undefined ? '' : sample(`${name}${suffix}`, labels, value),
  );
  const text = lines.join('');
  return text === '' ? '' : family(name, type, help) + text;
}

/** Labels as they follow a name; empty for none. */
export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
}
