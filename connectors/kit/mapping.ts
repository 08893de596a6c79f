import type { OperationContext } from './context.ts';

/** What a vendor's own description says of a field. */
export interface VendorField {
  readonly type: string;
  readonly writable: boolean;
  /** The values of a picklist, where the field is one. */
  readonly options?: readonly string[] | undefined;
}

/** Kinds of record, and in each the fields by the name that the API takes. */
export type VendorSchema = Readonly<Record<string, Readonly<Record<string, VendorField>>>>;

/** One place where a connection relies on a field of this very organisation. */
export interface MappedField {
  readonly object: string;
  readonly field: string;
  readonly writes: boolean;
  /** Picklist values that the hub writes or waits for. */
  readonly options?: readonly string[] | undefined;
  /** Where in the connection's settings it comes from, such as `fields.title`. */
  readonly setting: string;
  /** The operations that fail without it. */
  readonly operations: readonly string[];
}

/** How a connection's fields and picklists are held against the vendor's. */
export interface Mapping<Credentials, Settings> {
  describe(context: OperationContext<Credentials, Settings>): Promise<VendorSchema>;
  uses(settings: Settings): readonly MappedField[];
}
