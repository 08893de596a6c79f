import { writeFile } from 'node:fs/promises';
import { connectors } from '#connectors/index.ts';
import { connectorPages } from './pages.ts';

/** `npm run docs:connectors`: writes a page for each connector; a test keeps them in step. */
const folder = new URL('../../../docs/connectors/', import.meta.url);
for (const [name, text] of connectorPages(connectors)) {
  await writeFile(new URL(name, folder), text);
}
