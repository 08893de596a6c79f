import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { Connection } from '#connectors/kit/connection.ts';
import { HubError } from '#core/errors.ts';
import { SmtpSettings } from '#platform/embedded/smtp-mail.ts';
import { readJson } from '#workflows/language/json-document.ts';
import type { Problem } from '#workflows/language/problem.ts';
import { schemaProblems } from '#workflows/language/schema-problems.ts';

/** What baton.json holds; secrets are not in it. */
const BatonConfig = z.strictObject({
  $schema: z.string().optional(),
  /** Where the vendors and the links in mails reach this hub, through whatever stands in front of it. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  /** A folder, from this file. */
  playbook: z.string().min(1).optional(),
  connections: z.array(Connection).default([]),
  mail: z.union([SmtpSettings, z.strictObject({ outbox: z.string().min(1) })]).optional(),
});
type BatonConfig = z.infer<typeof BatonConfig>;

/** The configuration with its paths resolved and its defaults filled in. */
export interface Config extends Pick<BatonConfig, 'connections' | 'publicUrl' | 'mail'> {
  /** Absent: there is no file, and everything is as by default. */
  readonly file: string | undefined;
  readonly port: number;
  readonly playbook: string;
}

const DEFAULT_FILE = 'baton.json';
const DEFAULT_PORT = 8080;
/** The playbook that ships; it lies beside the code and not where the command is called. */
const SHIPPED_PLAYBOOK = fileURLToPath(new URL('../workflows/definitions', import.meta.url));

/** Reads the configuration; a file that was asked for must be there, the default one may be absent. */
export function readConfig(asked?: string): Config {
  const file = resolve(asked ?? DEFAULT_FILE);
  if (asked === undefined && !existsSync(file)) {
    return { file: undefined, port: DEFAULT_PORT, playbook: SHIPPED_PLAYBOOK, connections: [] };
  }
  const { port = DEFAULT_PORT, publicUrl, playbook, connections, mail } = parse(file, read(file));
  const from = (path: string) => resolve(dirname(file), path);
  return {
    file,
    port,
    playbook: playbook === undefined ? SHIPPED_PLAYBOOK : from(playbook),
    connections,
    ...(publicUrl && { publicUrl: publicUrl.replace(/\/+$/, '') }),
    ...(mail && { mail: 'outbox' in mail ? { outbox: from(mail.outbox) } : mail }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HubError(
      'config',
      'config_missing',
      `${shown(file)} can't be read. Name another file with --config, or write this one: docs/connecting.md shows how.`,
      { cause },
    );
  }
}

function parse(file: string, text: string): BatonConfig {
  const { document, problems } = readJson(shown(file), text);
  if (document === undefined) throw invalid(file, problems);
  const found = schemaProblems(document, { schema: BatonConfig, path: [], value: document.value });
  if (found.length > 0) throw invalid(file, found);
  const config = BatonConfig.parse(document.value);
  refuseRepeatedNames(file, config);
  return config;
}

/** Records and addresses name a connection, so a second one of its name would take over its past. */
function refuseRepeatedNames(file: string, { connections }: BatonConfig): void {
  const names = connections.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return;
  throw new HubError(
    'config',
    'config_invalid',
    `${shown(file)}: two connections are named '${repeated}'; give one of them another name.`,
  );
}

function invalid(file: string, problems: readonly Problem[]): HubError {
  const lines = problems.map(({ line, column, path, message, value, suggestion }) => {
    const field = path === '' ? '' : `${path}: `;
    const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
    const found = isWorthShowing(value) ? ` (here ${JSON.stringify(value)})` : '';
    return `${shown(file)}:${line}:${column} ${field}${message}${found}.${hint}`;
  });
  return new HubError(
    'config',
    'config_invalid',
    `The configuration can't be used; mend it and try again.\n${lines.join('\n')}`,
  );
}

const isWorthShowing = (value: unknown) =>
  ['string', 'number', 'boolean'].includes(typeof value) && JSON.stringify(value).length < 60;

/** A path as one would type it here. */
export const shown = (file: string): string => {
  const short = relative(process.cwd(), file);
  return short === '' ? '.' : short.startsWith('..') ? file : short;
};
