import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the file is made by, beside the sources it is made of. */
const MADE_BY = ['package.json', 'cli/bundle.mjs', 'cli/load-bundle.mjs'];
/** Somebody who has read which file to take loads it within this time. */
const LOADED_WITHIN_MS = 60_000;

/** Checkouts may share their libraries, but paths of the sources are written into the file. */
const folderOf = (root) =>
  join(
    root,
    'node_modules',
    '.cache',
    'baton',
    createHash('sha256').update(root).digest('hex').slice(0, 12),
  );
const NOTE = 'bundle.json';
const noteOf = (root) => join(folderOf(root), NOTE);

/**
 * Answers the path of `cli/main.ts` and all it imports in one file, as new as these are. Makes it
 * where there is none; answers `undefined` where it can't be made or kept.
 */
export async function freshBundle(root) {
  const note = readNote(root);
  if (note !== undefined && isFresh(root, note)) return join(folderOf(root), note.file);
  try {
    return await makeBundle(root, note);
  } catch {
    return undefined;
  }
}

/** What is known of the file that was made last. */
function readNote(root) {
  try {
    return JSON.parse(readFileSync(noteOf(root), 'utf8'));
  } catch {
    return undefined;
  }
}

function isFresh(root, note) {
  return (
    statSync(join(folderOf(root), note.file), { throwIfNoEntry: false }) !== undefined &&
    note.inputs.every(([path, stamp]) => stampOf(join(root, path)) === stamp)
  );
}

/** In whole seconds: images of containers keep no more of a file's time. */
function stampOf(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'gone' : `${Math.floor(stats.mtimeMs / 1000)} ${stats.size}`;
}

async function makeBundle(root, previous) {
  const folder = folderOf(root);
  mkdirSync(folder, { recursive: true });
  // Asked first: where nothing can be written, nothing need be built.
  const making = mkdtempSync(join(folder, 'making-'));
  try {
    const since = Math.floor(Date.now() / 1000);
    const { outputFiles, metafile } = await build(root, folder);
    const inputs = [...Object.keys(metafile.inputs), ...MADE_BY].map((path) => {
      const stamp = stampOf(join(root, path));
      // What changed since then may be in the file or not: the next start makes it again.
      return [path, Number.parseInt(stamp, 10) < since ? stamp : 'unsettled'];
    });
    const put = (path, text) => {
      const unready = join(making, basename(path));
      writeFileSync(unready, text);
      renameSync(unready, path);
    };
    for (const { path, contents } of outputFiles) put(path, contents);
    const made = outputFiles.find(({ path }) => path.endsWith('.cjs')).path;
    const note = { file: basename(made), inputs };
    put(noteOf(root), JSON.stringify(note));
    sweep(folder, [note.file, previous?.file]);
    return made;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function build(root, outdir) {
  // Loading it costs as much as looking for a fresh bundle.
  const esbuild = await import('esbuild');
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: ['cli/main.ts'],
    outdir,
    entryNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifyWhitespace: true,
    legalComments: 'none',
    target: 'node20',
    tsconfigRaw: {},
    mainFields: ['module', 'main'],
    // Looks for its native part beside itself.
    external: ['libsql'],
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [ownSources(root)],
  });
}

/** Maps all of a file to its first line. */
function mapToFile(path) {
  const map = { version: 3, sources: [basename(path)], names: [], mappings: 'AAAA' };
  const text = Buffer.from(JSON.stringify(map)).toString('base64');
  return `\n//# sourceMappingURL=data:application/json;base64,${text}`;
}

/**
 * A source that asks where it lies is told so, and not where the bundle lies. Of libraries a trace
 * names the files alone: with their lines the map is five times as large, and read at every start.
 */
function ownSources(root) {
  return {
    name: 'own-sources',
    setup({ onLoad }) {
      onLoad({ filter: /\.(?:ts|[cm]?js)$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (isLibrary(root, path)) return { contents: text + mapToFile(path), loader: 'js' };
        const here = JSON.stringify(pathToFileURL(path).href);
        return { contents: text.replaceAll('import.meta.url', here), loader: 'ts' };
      });
    },
  };
}

const isLibrary = (root, path) => /(?:^|[\\/])node_modules[\\/]/.test(relative(root, path));

/** Takes away what was made before; whoever starts right now may still take the previous one. */
function sweep(folder, kept) {
  const before = Date.now() - LOADED_WITHIN_MS;
  for (const name of readdirSync(folder)) {
    const isKept = kept.some((file) => file !== undefined && name.startsWith(file));
    if (isKept || name === NOTE) continue;
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && stats.mtimeMs < before)
      rmSync(path, { recursive: true, force: true });
  }
}
