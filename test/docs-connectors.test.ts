import { readdirSync, readFileSync } from 'node:fs';
import { connectors } from '#connectors/index.ts';
import { connectorPages } from '#connectors/kit/reference/pages.ts';

const FOLDER = 'docs/connectors';
const pages = connectorPages(connectors);

test('there is a page for each connector, and no other', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
});

test.each([...pages.keys()])(
  '%s is as the schemas are: else run npm run docs:connectors',
  (name) => {
    expect(readFileSync(`${FOLDER}/${name}`, 'utf8')).toBe(pages.get(name));
  },
);

test.each(Object.entries(connectors).filter(([, { inbound }]) => inbound !== undefined))(
  'what %s sends becomes something',
  (vendor) => {
    expect(pages.get(`${vendor}.md`)).toMatch(/It becomes: `[\w.]+`/);
  },
);
