/** A JSONPath, read. */
export interface Path {
  readonly text: string;
  /** What `$` means: the input, the context object (`$$`), or a variable (`$name`). */
  readonly root: { readonly kind: 'input' } | { readonly kind: 'context' } | VariableRoot;
  readonly segments: readonly Segment[];
  /** Names one place at most: its value is that value, not a list. */
  readonly definite: boolean;
}

interface VariableRoot {
  readonly kind: 'variable';
  readonly name: string;
}

export type Segment =
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly step: number;
    }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly test: Condition };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly sides: readonly [Condition, Condition] }
  | { readonly kind: 'not'; readonly side: Condition }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly operator: string;
      readonly left: Operand;
      readonly right: Operand;
    };

export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | {
      readonly kind: 'path';
      readonly from: 'item' | 'root';
      readonly segments: readonly Segment[];
    };

/** Whether each segment names one place. */
export function isDefinite(segments: readonly Segment[]): boolean {
  return segments.every(
    (segment) =>
      (segment.kind === 'fields' && segment.names.length === 1) ||
      (segment.kind === 'indexes' && segment.indexes.length === 1),
  );
}
