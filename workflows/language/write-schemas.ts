import { writeFile } from 'node:fs/promises';
import { connectors } from '#connectors/index.ts';
import { jsonSchemas, schemaText } from './json-schemas.ts';

/** `npm run schemas`: writes what editors complete playbooks from; a test keeps it in step. */
const folder = new URL('../definitions/schema/', import.meta.url);
for (const [file, schema] of Object.entries(jsonSchemas(connectors))) {
  await writeFile(new URL(file, folder), schemaText(schema));
}
