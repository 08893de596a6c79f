import type { Path } from './problem.ts';

const OPEN = '{%';
const CLOSE = '%}';

/** Whether a text of `with` stands for a value that Step Functions works out. */
export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(OPEN) && value.endsWith(CLOSE);

/** Every expression inside a `with`, and where in its text it starts. */
export function expressionsIn(value: unknown): { path: Path; source: string; from: number }[] {
  return textsIn(value)
    .filter(({ text }) => isExpression(text))
    .map(({ path, text }) => ({
      path,
      source: text.slice(OPEN.length, -CLOSE.length),
      from: OPEN.length,
    }));
}

/** What Step Functions, or the deployment before it, would take for something else. */
export function strayMarks(value: unknown): { path: Path; text: string; message: string }[] {
  return textsIn(value).flatMap(({ path, text }) => {
    if (text.includes('${')) {
      return [
        { path, text, message: '"${" is filled in by the deployment and can\'t be used here' },
      ];
    }
    const half = text.startsWith(OPEN) !== text.endsWith(CLOSE);
    if (!half) return [];
    return [{ path, text, message: 'an expression takes the whole text: {% … %}' }];
  });
}

function textsIn(value: unknown): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path: [], text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.flatMap(([key, child]) =>
    textsIn(child).map(({ path, text }) => ({ path: [key, ...path], text })),
  );
}
