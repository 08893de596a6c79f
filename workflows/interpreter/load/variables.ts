import type { Program, StateNode } from '../machine.ts';
import { at, invalid } from './reading.ts';

type Names = ReadonlySet<string>;

/**
 * Refuses a branch or iteration that assigns a variable of an outer scope: it would only seem to
 * change it. A distributed Map does not see those, so its names are its own.
 */
export function checkScopes(program: Program, path: string, outer: Names = new Set()): void {
  const states = Object.values(program.states);
  const taken = states.flatMap(assignedNames).find((name) => outer.has(name));
  if (taken !== undefined) {
    throw invalid(path, `assigns $${taken}, which belongs to an outer scope`);
  }
  // What an outer Catch or Choice rule assigns does not count: the service lets it pass.
  const own = states.flatMap(({ assign }) => namesIn(assign));
  const visible = new Set([...outer, ...own]);
  for (const node of states) {
    const place = at(at(path, 'States'), node.name);
    if (node.type === 'Map') {
      const seen: Names = node.distributed ? new Set() : visible;
      checkScopes(node.processor, at(place, 'ItemProcessor'), seen);
    }
    if (node.type === 'Parallel') {
      for (const [position, branch] of node.branches.entries()) {
        checkScopes(branch, at(at(place, 'Branches'), position), visible);
      }
    }
  }
}

function assignedNames(node: StateNode): string[] {
  const templates = [node.assign];
  if ('catchers' in node) templates.push(...node.catchers.map(({ assign }) => assign));
  if (node.type === 'Choice') templates.push(...node.choices.map(({ assign }) => assign));
  return templates.flatMap(namesIn);
}

function namesIn(template: unknown): string[] {
  return Object.keys(template ?? {}).map((name) => name.replace(/\.\$$/, ''));
}
