import type { HubError } from '#core/errors.ts';
import type { Connector } from './connector.ts';
import type { OperationContext } from './context.ts';
import type { MappedField, VendorField, VendorSchema } from './mapping.ts';

/** How a field that a connection relies on differs from what the vendor has. */
export interface MappingProblem {
  readonly mapped: MappedField;
  readonly what: 'missing' | 'read-only' | 'options-missing';
  /** The picklist values that are not offered. */
  readonly options?: readonly string[] | undefined;
}

/** What of these fields the vendor lacks, does not let be written, or does not offer as a value. */
function mappingProblems(schema: VendorSchema, uses: readonly MappedField[]): MappingProblem[] {
  return uses.flatMap((mapped) => problemOf(schema[mapped.object]?.[mapped.field], mapped) ?? []);
}

function problemOf(
  field: VendorField | undefined,
  mapped: MappedField,
): MappingProblem | undefined {
  if (field === undefined) return { mapped, what: 'missing' };
  if (mapped.writes && !field.writable) return { mapped, what: 'read-only' };
  const offered = field.options;
  if (offered === undefined) return undefined;
  const options = (mapped.options ?? []).filter((option) => !offered.includes(option));
  return options.length === 0 ? undefined : { mapped, what: 'options-missing', options };
}

/**
 * Holds a connection's mapping against the vendor's own description; undefined where the vendor
 * can't be asked for one. Throws the HubErrors of the vendor's `failure`.
 */
export async function checkMapping(
  { connector }: { readonly connector: Connector },
  context: OperationContext<unknown, unknown>,
): Promise<MappingProblem[] | undefined> {
  const { mapping } = connector;
  if (mapping === undefined) return undefined;
  return mappingProblems(await mapping.describe(context), mapping.uses(context.settings));
}

/** One sentence without an end: `contacts.jobtitle is not there (setting fields.title)`. */
export function problemText({ mapped, what, options = [] }: MappingProblem): string {
  const { object, field, setting } = mapped;
  const name = `${object}.${field}`;
  const offers = options.map((option) => `'${option}'`).join(', ');
  const seen = {
    missing: `${name} is not there`,
    'read-only': `${name} can't be written`,
    'options-missing': `${name} does not offer ${offers}`,
  };
  return `${seen[what]} (setting ${setting})`;
}

/** Adds to a refusal that names a field of the mapping which setting the field comes from. */
export function nameSetting(
  error: HubError,
  { mapping }: Connector,
  call: { readonly connection: string; readonly operation: string; readonly settings: unknown },
): void {
  if (mapping === undefined || (error.kind !== 'config' && error.kind !== 'data')) return;
  const words = new Set(error.message.match(/\w+/g));
  const named = mapping
    .uses(call.settings)
    .find(({ field, operations }) => words.has(field) && operations.includes(call.operation));
  if (named === undefined || error.message.includes(named.setting)) return;
  const { object, field, setting } = named;
  error.message += ` ${object}.${field} comes from the setting '${setting}' of connection '${call.connection}'.`;
}
