import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

const SOURCE = new URL('source.js', import.meta.url);

/** The module that holds the website's script in small, as it is committed beside its source. */
export async function trackerModule(): Promise<string> {
  const source = await readFile(SOURCE, 'utf8');
  const { code } = await transform(source, { minify: true, target: 'es2020' });
  const quoted = code.trim().replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `/** source.js in small; \`npm run tracker\` writes this file. */\nexport const TRACKER =\n  '${quoted}';\n`;
}
