/** The floor for get-events: reads an event stream as fast as Node's fetch can, and prints the number of events. */

const [url = '', count] = process.argv.slice(2);
const NEWLINES = Buffer.from('\n\n');
let events = 0;
const { body } = await fetch(url);
for await (const chunk of body ?? []) {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  for (let at = bytes.indexOf(NEWLINES); at >= 0; at = bytes.indexOf(NEWLINES, at + 2)) events++;
  if (events >= Number(count)) break;
}
console.log(events);
