/** Policies as YAML values: as in a crontab, and also as a list where a crontab has commas. */

import type { Policies } from '../../jobs/policies.ts';
import type { PolicyWord } from '../../jobs/policy-words.ts';
import { type JsonSchema, list, SCALAR, type Shape, text } from './shape.ts';

const STATUSES = 'N,N...|none';

/** Schema of each form of `policy-forms.ts`; a form that is not listed is an enumeration, such as `A|B`. */
const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  DURATION: { anyOf: [{ type: 'string' }, { const: 0 }] },
  'DURATION|none': { type: 'string' },
  SIZE: { type: ['string', 'number'] },
  CMD: SCALAR,
  URL: { type: 'string', pattern: '^https?://' },
  N: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^[0-9]+$' },
    ],
  },
  [STATUSES]: {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: 255 },
      { type: 'string', pattern: '^(none|[0-9]+(,[0-9]+)*)$' },
      { type: 'array', items: { type: ['integer', 'string'] } },
    ],
  },
  'none|last|all[:WINDOW]': { type: 'string', pattern: '^(none|last|all)(:.*)?$' },
};

/** The shape of the value of a policy. */
export function policyShape({ form, parse }: PolicyWord): Shape<Policies[keyof Policies]> {
  const one = text(form, parse, SCHEMAS[form] ?? { enum: form.split('|') });
  if (form !== STATUSES) return one;
  const statuses = list('a list of statuses', text('an exit status', String));
  return {
    ...one,
    read(value, tell) {
      if (value.kind !== 'list') return one.read(value, tell);
      const items = statuses.read(value, tell);
      if (items === undefined) return undefined;
      return one.read(
        {
          kind: 'text',
          text: items.join(',') || 'none',
          isNull: false,
          letters: undefined,
          index: value.index,
        },
        tell,
      );
    },
  };
}
