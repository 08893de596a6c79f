import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOMS = 'core connectors workflows platform functions infra cli'.split(' ');

/** What a picture shows as one: a room, or one of the two platforms. */
const boxOf = (path: string) => /^(?:platform\/\w+|\w+)/.exec(path)?.[0] ?? path;

/** Who imports whom, read from the sources. */
function arrowsInCode(): string[] {
  const arrows = ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(room, name))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/from '#([^']+)'/g)].map(
          ([, path = '']) => `${boxOf(file)} --> ${boxOf(path)}`,
        ),
      ),
  );
  return [...new Set(arrows)].filter((arrow) => new Set(arrow.split(' --> ')).size > 1).sort();
}

/** The arrows of the second picture, its short names spelt out. */
function arrowsDrawn(): string[] {
  const pictures = readFileSync('docs/architecture.md', 'utf8').split('```mermaid').slice(1);
  const picture = pictures[1]?.split('```')[0] ?? '';
  const named = new Map(
    [...picture.matchAll(/(\w+)\["([^"]+)"\]/g)].map(([, short = '', whole = '']) => [
      short,
      whole,
    ]),
  );
  const whole = (short: string) => named.get(short) ?? short;
  const arrows = picture.matchAll(/^ *(\w+)[^-\n]* --> (\w+)/gm);
  return [...arrows].map(([, from = '', to = '']) => `${whole(from)} --> ${whole(to)}`).sort();
}

test('the picture of the imports is that of the imports', () => {
  expect(arrowsDrawn()).toEqual(arrowsInCode());
});
