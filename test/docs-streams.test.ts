import { readFileSync } from 'node:fs';
import { connectors } from '#connectors/index.ts';

test('the documents name every stream of every vendor, and how often it is asked', () => {
  const text = readFileSync('docs/connecting.md', 'utf8');
  const section = text.slice(text.indexOf('## What webhooks lose'));
  for (const { title, streams, inbound } of Object.values(connectors)) {
    if (streams === undefined || inbound === undefined) continue;
    const row =
      section.split('\n').find((line) => line.startsWith(`| ${title.split(' ')[0]} `)) ?? '';
    const told = [...row.matchAll(/`(\w+)` (\d+)/g)].map(([, name, minutes]) => [name, minutes]);
    const there = Object.entries(streams).map(([name, one]) => [name, `${one.everyMinutes}`]);
    expect([title, ...told.sort()]).toEqual([title, ...there.sort()]);
  }
});
