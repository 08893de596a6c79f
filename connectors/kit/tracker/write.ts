import { writeFile } from 'node:fs/promises';
import { trackerModule } from './build.ts';

await writeFile(new URL('script.ts', import.meta.url), await trackerModule());
