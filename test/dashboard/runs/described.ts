/** Compares responses with the document that specifies them. */

import { openApi } from '../../../src/dashboard/openapi/document.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

const { schemas } = JSON.parse(openApi('1.2.3', true)).components as {
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** The members that only the response or only the schema of this name has; empty if they agree. */
export function differences(name: string, value: unknown): string[] {
  return compared({ $ref: `#/${name}` }, value, name);
}

function compared(schema: Schema, value: unknown, at: string): string[] {
  if (schema.$ref !== undefined)
    return compared(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, value, at);
  if (schema.anyOf !== undefined)
    return schema.anyOf.some((one) => compared(one, value, at).length === 0)
      ? []
      : [`${at}: none of its forms`];
  if (schema.enum !== undefined) return schema.enum.includes(value) ? [] : [`${at}: ${value}`];
  const types = [schema.type ?? []].flat();
  if (!types.includes(typeOf(value)) && !(types.includes('number') && typeof value === 'number'))
    return [`${at}: ${typeOf(value)}`];
  if (Array.isArray(value))
    return value.flatMap((one, index) => compared(schema.items ?? {}, one, `${at}[${index}]`));
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  const members = value as Readonly<Record<string, unknown>>;
  const names = new Set([...Object.keys(members), ...Object.keys(schema.properties)]);
  return [...names].flatMap((name) => {
    const known = schema.properties?.[name];
    return known === undefined || !(name in members)
      ? [`${at}.${name}`]
      : compared(known, members[name], `${at}.${name}`);
  });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
