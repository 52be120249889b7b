import { expect, it } from 'vitest';
import { openApi } from '../../src/dashboard/openapi/document.ts';
import { createRoutes, type RouteParts } from '../../src/dashboard/routes.ts';

const document = JSON.parse(openApi('1.2.3', true));

it('describes the routes that there are, and no others, with a ledger and without', () => {
  for (const ledger of [undefined, {}]) {
    const parts = { page: new Map(), version: '1.2.3', ledger, now: Date.now } as unknown as RouteParts;
    const methods = [...createRoutes(parts)].map(([path, answers]) => [path, Object.keys(answers).sort()]);
    const { paths } = JSON.parse(openApi('1.2.3', ledger !== undefined));
    const described = Object.entries(paths as Record<string, object>).map(([path, operations]) => [
      path,
      Object.keys(operations)
        .map((method) => method.toUpperCase())
        .sort(),
    ]);
    expect(described.sort()).toEqual(methods.sort());
    expect(described.length).toBe(ledger === undefined ? 7 : 20);
  }
});

it('is whole: an OpenAPI document whose references lead somewhere', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'serve-stats', version: '1.2.3' } });
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  for (const operations of Object.values(
    document.paths as Record<string, Record<string, { responses: object }>>,
  ))
    for (const { responses } of Object.values(operations))
      for (const response of Object.values(responses)) expect(response).toHaveProperty('description');
});

it('says what becomes of lines that are not loaded, and of rows ahead of the clock', () => {
  const { post, get } = document.paths['/api/stats'];
  const schemaOf = (code: number) =>
    document.components.schemas[
      post.responses[code].content['application/json'].schema.$ref.split('/').at(-1)
    ];
  for (const code of [200, 400])
    expect(schemaOf(code).properties.rejected.items.properties).toMatchObject({ line: {}, error: {} });
  expect(schemaOf(200).properties.rejected.description).toContain('--ahead');
  expect(get.responses[200].description).toContain('--ahead');
  expect(document.paths['/api/sensors'].get.responses[200].description).toContain('--ahead');
});
