import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromEnvelope, namedBody, toEnvelope } from '../../src/queues/envelope.ts';

const origin = { queue: 'q#dead', partition: 3, tries: 2 };
const text = fc.string({ unit: 'binary', minLength: 1 });
const content = fc.record(
  {
    body: fc.oneof(
      fc.uint8Array(),
      text.map((each) => new TextEncoder().encode(each)),
    ),
    key: text,
    headers: fc.dictionary(
      text.filter((name) => !name.startsWith('dead-')),
      text,
      { minKeys: 1 },
    ),
  },
  { requiredKeys: ['body'] },
);

describe('an envelope', () => {
  it('gives back the message that it holds, whatever its bytes', () => {
    fc.assert(
      fc.property(content, ({ body, ...others }) => {
        const message = { body: Buffer.from(body), ...others };
        const line = toEnvelope({ ...message, sequence: 7, time: 0 }, origin);
        expect(line).not.toContain('\n');
        const { headers, ...back } = fromEnvelope(line) as typeof message;
        // Dictionaries of fast-check have no prototype.
        expect({ ...back, ...(headers && { headers }) }).toEqual(
          message.headers ? { ...message, headers: { ...message.headers } } : message,
        );
      }),
    );
  });

  it('has an id of the message, the same whenever it is taken', () => {
    const message = { body: Buffer.from('a'), sequence: 7, time: 0 };
    const idOf = (line: string) => JSON.parse(line).id;
    expect(idOf(toEnvelope(message, { ...origin, queueId: '1f0c' }))).toBe('1f0c-3-7');
    expect(idOf(toEnvelope(message, { ...origin, queueId: '' }))).toBe('3-7');
    expect(idOf(toEnvelope({ ...message, messageId: 'm' }, { ...origin, queueId: '' }))).toBe('m');
    expect(idOf(toEnvelope(message, origin))).toBeUndefined();
    expect(namedBody('{"id":"1","body":"/w==","encoding":"base64"}')).toEqual({
      id: '1',
      body: Buffer.of(255),
    });
    expect(namedBody('{"body":"a"}')).toMatchObject({ kind: 'no envelope' });
  });

  it('leaves out why a message died, and where it was', () => {
    const dead = { 'dead-time': 'x', 'dead-status': '65' };
    const line = toEnvelope(
      { body: Buffer.from('a'), sequence: 1, time: 0, headers: { ...dead, own: 'y' } },
      origin,
    );
    expect(fromEnvelope(line)).toEqual({ body: Buffer.from('a'), headers: { own: 'y' } });
    const only = toEnvelope({ body: Buffer.from('a'), sequence: 1, time: 0, headers: dead }, origin);
    expect(fromEnvelope(only)).toEqual({ body: Buffer.from('a') });
  });

  it.each([
    ['no JSON', 'x'],
    ['no object', '"a"'],
    ['no body', '{}'],
    ['a body that is no text', '{"body":1}'],
    ['half a character', '{"body":"\\ud800"}'],
    ['no base64', '{"body":"a","encoding":"base64"}'],
    ['another encoding', '{"body":"a","encoding":"hex"}'],
    ['a key that is no text', '{"body":"a","key":1}'],
    ['headers that are no texts', '{"body":"a","headers":{"a":1}}'],
  ])('is refused: %s', (_, line) => {
    expect(fromEnvelope(line)).toMatchObject({ kind: 'no envelope' });
  });
});
