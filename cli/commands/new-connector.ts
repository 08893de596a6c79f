import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import type { Paint } from '#cli/terminal.ts';
import { HubError } from '#core/errors.ts';

const TEMPLATE = fileURLToPath(new URL('./new-connector-template', import.meta.url));
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

interface NewOptions {
  readonly into: string;
  readonly title?: string;
}

/** `baton new`: what one would otherwise copy from a neighbour. */
export function newCommand(): Command {
  return new Command('new')
    .description('write what one would otherwise copy from a neighbour')
    .addHelpText('after', '\nExample:\n  $ baton new connector pipedrive\n')
    .addCommand(
      new Command('connector')
        .summary('write a connector that works, to be made one of a real vendor')
        .description(
          'Writes a connector with credentials, failures, an operation, signed news, a fake, a fixture and a test that passes, and its line in connectors/index.ts.',
        )
        .addArgument(new Argument('<name>', 'the id of the vendor').argParser(vendorId))
        .option('--title <title>', 'what the vendor calls itself (default: of the name)')
        .option('--into <folder>', 'the checkout to write into', CHECKOUT)
        .addHelpText('after', '\nExample:\n  $ baton new connector pipedrive --title Pipedrive\n')
        .action(answering(newConnector)),
    );
}

function vendorId(text: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return text;
  throw new InvalidArgumentError('It takes lower-case words joined by hyphens.');
}

async function newConnector(id: string, options: NewOptions): Promise<Answer> {
  const root = resolve(options.into);
  const index = join(root, 'connectors/index.ts');
  if (!existsSync(index) || existsSync(join(root, 'connectors', id))) throw cantWrite(id, root);
  const words = wordsOf(id, options.title);
  const written = templates().map((file) => {
    const path =
      file === 'test.ts.txt'
        ? `test/connectors/${id}.test.ts`
        : `connectors/${id}/${file.replace(/\.txt$/, '')}`;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), filled(readFileSync(join(TEMPLATE, file), 'utf8'), words));
    return path;
  });
  writeFileSync(index, withConnector(readFileSync(index, 'utf8'), id, words['name'] ?? id));
  const files = [...written, 'connectors/index.ts'];
  return { json: { files, next: NEXT }, text: (paint) => render(files, id, paint) };
}

function cantWrite(id: string, root: string): HubError {
  return new HubError(
    'config',
    'connector_unwritable',
    `There is a connector '${id}' already in ${root}, or no checkout of Baton: choose another name, or --into.`,
  );
}

const templates = (): string[] =>
  readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .map((name) => relative('.', name).replaceAll('\\', '/'))
    .sort();

/** The name in the spellings that code and people use. */
function wordsOf(id: string, title?: string): Readonly<Record<string, string>> {
  const parts = id.split('-').map((part) => part.replace(/^./, (first) => first.toUpperCase()));
  const Name = parts.join('');
  const name = Name.replace(/^./, (first) => first.toLowerCase());
  return { id, Name, name, Title: title ?? parts.join(' '), snake: id.replaceAll('-', '_') };
}

const filled = (text: string, words: Readonly<Record<string, string>>): string =>
  text.replaceAll(/__(id|Name|name|Title|snake)__/g, (_, word: string) => words[word] ?? word);

/** The list of connectors with one more, in the order of the alphabet. */
function withConnector(index: string, id: string, name: string): string {
  const line = `import { ${name} } from './${id}/connector.ts';`;
  const entry = id === name ? `  ${name},` : `  '${id}': ${name},`;
  return sortedIn(
    sortedIn(index, line, /^import \{ \w+ \} from '\.\/[\w-]+\/connector\.ts';$/),
    entry,
    /^ {2}(?:\w+|'[\w-]+': \w+),$/,
  );
}

/** Puts a line among those like it, before the first that comes after it. */
function sortedIn(text: string, line: string, like: RegExp): string {
  const lines = text.split('\n');
  const key = (one: string) => /'\.\/([\w-]+)\//.exec(one)?.[1] ?? /[\w-]+/.exec(one)?.[0] ?? '';
  const among = lines.flatMap((one, index) => (like.test(one) ? [index] : []));
  const after = among.find((index) => key(lines[index] ?? '') > key(line));
  lines.splice(after ?? (among.at(-1) ?? -1) + 1, 0, line);
  return lines.join('\n');
}

/** What no skeleton can know. */
const NEXT = [
  'its roles in test/connectors/registry.test.ts',
  'a section in docs/connecting.md, rows in docs/errors.md',
  'npm run docs:connectors, npm run schemas, npm run format',
];

function render(files: readonly string[], id: string, paint: Paint): string {
  return [
    ...files.map((file) => `${paint.green('written')}  ${file}`),
    '',
    `It works: ${paint.bold(`npm test -- test/connectors/${id}.test.ts`)}. What is left:`,
    ...NEXT.map((one) => `  ${one}`),
  ].join('\n');
}
