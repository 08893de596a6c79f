#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The sources run as they are; the compiler settings of whatever folder this is called from do not matter.
register({ tsconfig: false });

const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
