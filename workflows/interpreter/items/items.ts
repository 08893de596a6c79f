import { runtimeFailure } from '../failure.ts';
import { evaluateTemplate, evaluateTyped } from '../jsonata.ts';
import { fillTemplate, valueAtPath } from '../jsonpath.ts';
import { payloadBytes } from '../limits.ts';
import type { ItemBatcher, MapNode } from '../machine.ts';
import { numberOf } from '../numbers.ts';
import type { Scope } from '../scope.ts';

/** The list a Map goes over, where it comes from the input and not from a store. */
export async function inlineItems(node: MapNode, scope: Scope): Promise<readonly unknown[]> {
  if (node.language === 'JSONata') {
    const template = node.items === undefined ? '{% $states.input %}' : node.items;
    return (await evaluateTyped(template, 'Items', 'array', scope)) as unknown[];
  }
  const path = node.itemsPath ?? '$';
  const items = valueAtPath(path, scope);
  if (Array.isArray(items)) return items;
  throw runtimeFailure(scope.visit, `Reference path "${path}" must point to array.`);
}

/** What each iteration gets: its item, what `ItemSelector` makes of it, or a batch of these. */
export async function iterationInputs(
  node: MapNode,
  items: readonly unknown[],
  scope: Scope,
): Promise<readonly unknown[]> {
  const inputs: unknown[] = [];
  for (const [index, value] of items.entries()) {
    inputs.push(await selected(node, value, index, scope));
  }
  return node.itemBatcher === undefined ? inputs : batched(node, node.itemBatcher, inputs, scope);
}

async function selected(
  node: MapNode,
  value: unknown,
  index: number,
  scope: Scope,
): Promise<unknown> {
  if (node.itemSelector === undefined) return value;
  const context = { ...scope.context, Map: { Item: { Index: index, Value: value } } };
  return filled(node, node.itemSelector, 'ItemSelector', { ...scope, context });
}

async function filled(
  node: MapNode,
  template: unknown,
  field: string,
  scope: Scope,
): Promise<unknown> {
  return node.language === 'JSONata'
    ? evaluateTemplate(template, field, scope)
    : fillTemplate(template, scope);
}

async function batched(
  node: MapNode,
  batcher: ItemBatcher,
  inputs: readonly unknown[],
  scope: Scope,
): Promise<unknown[]> {
  const most = (await numberOf(batcher.maxItems, scope, { least: 1 })) ?? inputs.length;
  const mostBytes = await numberOf(batcher.maxBytes, scope, { least: 1 });
  const shared =
    batcher.batchInput === undefined
      ? {}
      : { BatchInput: await filled(node, batcher.batchInput, 'ItemBatcher/BatchInput', scope) };
  return chunks(inputs, most, mostBytes ?? Number.POSITIVE_INFINITY).map((Items) => ({
    ...shared,
    Items,
  }));
}

function chunks(
  inputs: readonly unknown[],
  most: number,
  mostBytes: number,
): (readonly unknown[])[] {
  const batches: unknown[][] = [];
  let room = 0;
  for (const input of inputs) {
    const size = payloadBytes(input);
    const batch = batches.at(-1);
    if (batch !== undefined && batch.length < most && size <= room) {
      batch.push(input);
      room -= size;
    } else {
      batches.push([input]);
      room = mostBytes - size;
    }
  }
  return batches;
}
