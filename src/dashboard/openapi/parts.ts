/** What an OpenAPI document is made of. */

export type Json = Readonly<Record<string, unknown>>;

export const text = { type: 'string' };
export const number = { type: 'number' };
export const whole = { type: 'integer' };
export const time = { type: 'string', format: 'date-time' };
export const orNull = (type: string): Json => ({ type: [type, 'null'] });
export const list = (items: Json): Json => ({ type: 'array', items });
export const object = (properties: Json, further: Json = {}): Json => ({
  type: 'object',
  properties,
  ...further,
});
export const schema = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const content = (type: string, of: Json): Json => ({ [type]: { schema: of } });

export const failure = (description: string): Json => ({
  description,
  content: content('application/json', schema('Error')),
});
export const answer = (description: string, type: string, of: Json): Json => ({
  description,
  content: content(type, of),
});

export const query = (name: string, description: string, of: Json, further: Json = {}): Json => ({
  in: 'query',
  name,
  description,
  schema: of,
  ...further,
});

export const wrong = failure('a parameter is wrong');
export const busy = failure('the store is busy: try again after Retry-After');

export const crowded = failure('too many requests from one address: try again after Retry-After');

export const get = (summary: string, responses: Json, parameters: readonly Json[] = []): Json => ({
  get: { summary, ...(parameters.length > 0 && { parameters }), responses },
});
