/** DynamoDB's own data model, so that its adapter is thin and SQLite's is honest about cost. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * One stored item. `version` counts writes and starts at 1; a writer that read version `n` writes
 * `n + 1` under the condition `{ version: n }`.
 */
export interface Item extends Key {
  readonly type: string;
  readonly version: number;
  /**
   * Plain JSON; what it holds is parsed by the record's schema when it is read. A store may hand the
   * same data to many readers, frozen.
   */
  readonly data: unknown;
  readonly gsi1pk?: string | undefined;
  readonly gsi1sk?: string | undefined;
  /** Epoch seconds after which the item may be removed; readers must not rely on it being gone. */
  readonly expiresAt?: number | undefined;
}

/** What must hold of the stored item for a write to go through. */
export type Condition = 'absent' | { readonly version: number };

export type Write =
  | { readonly put: Item; readonly if?: Condition | undefined }
  | { readonly remove: Key; readonly if?: Condition | undefined }
  | { readonly check: Key; readonly if: Condition };

export interface Query {
  /** The main key by default, or the one index. */
  readonly index?: 'gsi1' | undefined;
  readonly pk: string;
  readonly prefix?: string | undefined;
  /** Sort keys from (inclusive) and to (inclusive); not together with `prefix`. */
  readonly between?: readonly [string, string] | undefined;
  readonly descending?: boolean | undefined;
  /** Items on one page; 100 by default. */
  readonly limit?: number | undefined;
  /** Where the page before this one ended. */
  readonly after?: string | undefined;
}

export interface Page {
  readonly items: Item[];
  /** Present when there may be more; hand it back as `after`. */
  readonly next?: string | undefined;
}

/** The most writes one transaction takes (DynamoDB's limit). */
export const MOST_WRITES = 100;

/** Where records are kept. Reads by key are strongly consistent; reads by index may lag. */
export interface Records {
  get(key: Key): Promise<Item | undefined>;
  /** All or nothing. A condition that does not hold throws a HubError `conflict`, code `write_conflict`. */
  write(writes: readonly Write[]): Promise<void>;
  query(query: Query): Promise<Page>;
}
