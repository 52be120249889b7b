/** The interface as an OpenAPI 3.1 document. A test holds it against the routes. */

import { answer, busy, failure, get, object, text } from './parts.ts';
import { runSchemas } from './run-schemas.ts';
import { runPaths } from './runs.ts';
import { statsPaths, statsSchemas } from './stats.ts';

const error = object({ error: text }, { required: ['error'] });

const serverPaths = {
  '/api/openapi.json': get('this document', { 200: answer('OpenAPI 3.1', 'application/json', object({})) }),
  '/healthz': get('whether the store can be read; open to all', {
    200: answer('it can be read', 'application/json', object({ status: text })),
    503: failure('it cannot be read'),
  }),
  '/metrics': get('metrics for Prometheus', {
    200: answer('the text format', 'text/plain', text),
    503: busy,
  }),
};

/** The document as JSON in one line. @param hasRuns whether there is a ledger */
export function openApi(version: string, hasRuns: boolean): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'serve-stats', version, description: 'Every failure is a status and one line of JSON.' },
    paths: { ...statsPaths, ...(hasRuns && runPaths), ...serverPaths },
    security: [{}, { token: [] }, { password: [] }],
    components: {
      schemas: { ...statsSchemas, ...(hasRuns && runSchemas), Error: error },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic', description: 'the token for reading, with any user name' },
      },
    },
  });
}
