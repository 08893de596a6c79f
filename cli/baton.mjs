#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The sources run as they are; the compiler settings of whatever folder this is called from do not matter.
register({ tsconfig: false });

// `baton leads | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
