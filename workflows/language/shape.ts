import * as z from 'zod';
import type { Path } from './problem.ts';

/** The part of JSON Schema in which zod describes a schema, as far as it is read here. */
export interface Shape {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly propertyNames?: Shape;
  readonly additionalProperties?: boolean | Shape;
  readonly items?: Shape | false;
  readonly prefixItems?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
}

const shapes = new WeakMap<z.ZodType, Shape>();

/** A zod schema as data that can be asked what is allowed where. */
export function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  shapes.set(schema, shape);
  return shape;
}

/** The shapes that a value at a path may have; none when there can't be a value. */
function shapesAt(root: Shape, path: Path): Shape[] {
  return path
    .reduce<Shape[]>(
      (shapes, part) =>
        shapes.flatMap((shape) => variants(root, shape)).flatMap((shape) => inside(shape, part)),
      [root],
    )
    .flatMap((shape) => variants(root, shape));
}

/** The keys that an object at a path may have. */
export function keysAt(root: Shape, path: Path): string[] {
  return unique(
    shapesAt(root, path).flatMap((shape) => [
      ...Object.keys(shape.properties ?? {}),
      ...(shape.propertyNames?.enum ?? []).map(String),
    ]),
  );
}

/** The words that a value at a path may be; `undefined` where any text will do. */
export function wordsAt(root: Shape, path: Path): string[] | undefined {
  const shapes = shapesAt(root, path).filter((shape) => shape.type !== 'null');
  const words = shapes.map(
    (shape) => shape.enum ?? (shape.const === undefined ? [] : [shape.const]),
  );
  if (shapes.length === 0 || words.some((list) => list.length === 0)) return undefined;
  return unique(words.flat().filter((word) => typeof word === 'string'));
}

/** Whether nothing is known of what may stand at a path, so that anything may. */
export function isOpen(root: Shape, path: Path): boolean {
  return shapesAt(root, path).some(
    (shape) =>
      shape.type === undefined &&
      shape.enum === undefined &&
      shape.const === undefined &&
      shape.properties === undefined,
  );
}

function inside(shape: Shape, part: string | number): Shape[] {
  if (typeof part === 'number') {
    const item = shape.prefixItems?.[part] ?? shape.items;
    return item ? [item] : [];
  }
  const property = shape.properties?.[part];
  if (property !== undefined) return [property];
  return typeof shape.additionalProperties === 'object' ? [shape.additionalProperties] : [];
}

/** A shape's alternatives, references followed; a shape without any is its own. */
function variants(root: Shape, shape: Shape): Shape[] {
  if (shape.$ref !== undefined) {
    const target = root.$defs?.[shape.$ref.replace('#/$defs/', '')];
    return target === undefined ? [] : variants(root, target);
  }
  const alternatives = shape.anyOf ?? shape.oneOf ?? shape.allOf;
  if (alternatives === undefined) return [shape];
  return alternatives.flatMap((alternative) => variants(root, alternative));
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
