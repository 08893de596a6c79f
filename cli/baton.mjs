#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { freshBundle } from './bundle.mjs';
import { loadBundle } from './load-bundle.mjs';

// `baton leads | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { main } = await loadMain();
process.exitCode = await main(process.argv.slice(2));

/** From one file, or where none can be kept from the sources as they are. */
async function loadMain() {
  const bundle = await freshBundle(fileURLToPath(new URL('..', import.meta.url)));
  if (bundle !== undefined) return loadBundle(bundle);
  const { register } = await import('tsx/esm/api');
  // The compiler settings of whatever folder this is called from do not matter.
  register({ tsconfig: false });
  return import('./main.ts');
}
