import { StateFailure } from '../failure.ts';
import { evaluateTemplate } from '../jsonata.ts';
import { fillTemplate } from '../jsonpath.ts';
import type { ItemReader, MapNode } from '../machine.ts';
import { numberOf } from '../numbers.ts';
import type { Scope } from '../scope.ts';
import { readRows } from './csv.ts';

const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  SPACE: ' ',
  TAB: '\t',
};

/** The items of a Map whose `ItemReader` names a stored object. */
export async function readItems(node: MapNode, scope: Scope): Promise<readonly unknown[]> {
  const { itemReader } = node;
  if (itemReader === undefined) return [];
  const most = await mostItems(itemReader, scope);
  const request = await requestOf(node, itemReader, scope);
  const items = itemReader.resource.endsWith(':listObjectsV2')
    ? (scope.env.listObjects?.(String(request['Bucket']), String(request['Prefix'] ?? '')) ?? [])
    : parseItems(itemReader, storedText(request, scope));
  return most === 0 ? items : items.slice(0, most);
}

/** `MaxItems`; 0 stands for all. */
async function mostItems({ config }: ItemReader, scope: Scope): Promise<number> {
  const field = config['MaxItemsPath'] === undefined ? 'MaxItems' : 'MaxItemsPath';
  const value = config[field] as number | string | undefined;
  const most = value === undefined ? 0 : await numberOf({ field, value }, scope, { least: 0 });
  if (most !== undefined && most < 0) throw failed('field MaxItems must be positive');
  return most ?? 0;
}

async function requestOf(
  node: MapNode,
  reader: ItemReader,
  scope: Scope,
): Promise<Readonly<Record<string, unknown>>> {
  const request =
    node.language === 'JSONata'
      ? await evaluateTemplate(reader.request, 'ItemReader/Arguments', scope)
      : fillTemplate(reader.request, scope);
  return request as Record<string, unknown>;
}

function storedText(request: Readonly<Record<string, unknown>>, scope: Scope): string {
  const { Bucket: bucket, Key: key } = request;
  const text = scope.env.readObject?.(String(bucket), String(key));
  if (text !== undefined) return text;
  throw failed(`The object ${key} in bucket ${bucket} could not be read.`);
}

function parseItems({ config }: ItemReader, text: string): readonly unknown[] {
  if (config['InputType'] === 'CSV') return parseCsv(config, text);
  if (config['InputType'] === 'JSONL') return jsonLines(text);
  const value = parseJson(text);
  if (Array.isArray(value)) return value;
  throw failed('Attempting to map over non-iterable node.');
}

function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failed('The object does not hold valid JSON.');
  }
}

function parseCsv(config: ItemReader['config'], text: string): unknown[] {
  const rows = readRows(text, DELIMITERS[String(config['CSVDelimiter'] ?? 'COMMA')]);
  const isGiven = config['CSVHeaderLocation'] === 'GIVEN';
  const headers = isGiven ? (config['CSVHeaders'] as string[]) : (rows.shift() ?? []);
  if (new Set(headers).size < headers.length) {
    throw failed('CSV headers cannot contain duplicates.');
  }
  return rows.map((row) =>
    Object.fromEntries(headers.map((header, position) => [header, row[position] ?? ''])),
  );
}

function failed(cause: string): StateFailure {
  return new StateFailure('States.ItemReaderFailed', cause);
}
