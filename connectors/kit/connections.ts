import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import { ROLE_VERBS, type Role } from '#core/operations.ts';
import type { OperationCall, Operations } from '#core/ports/operations.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import { Budget, type BudgetSurroundings } from './budget.ts';
import type { Connection } from './connection.ts';
import type { ConnectionContext, Connector, OperationContext } from './connector.ts';
import { type Caller, connectionHttp, Progress } from './http.ts';
import { shareOf } from './limits.ts';
import { nameSetting } from './mapping-check.ts';

/** A configured connection with its vendor knowledge, ready to be called or to receive. */
export interface OpenConnection {
  readonly connection: Connection;
  readonly connector: Connector;
  context(): Promise<ConnectionContext<unknown, unknown>>;
  /** What a call goes by; `urgency` is its lane, `usual` when nobody says. */
  operationContext(key: string, caller?: Caller): Promise<OperationContext<unknown, unknown>>;
}

export interface Connections extends Operations {
  /** Throws a HubError `config`, code `connection_unknown`, for a name nobody configured. */
  open(name: string): OpenConnection;
  readonly names: readonly string[];
}

/**
 * Binds the configured connections to their connectors; refuses settings that the connector
 * refuses. Without `budget` nobody counts the calls.
 */
export function openConnections(deps: {
  connectors: Readonly<Record<string, Connector>>;
  connections: readonly Connection[];
  secrets: Secrets;
  now: () => Date;
  budget?: BudgetSurroundings | undefined;
}): Connections {
  const opened = new Map(
    deps.connections.map((connection) => [connection.name, openConnection(deps, connection)]),
  );
  const open = (name: string): OpenConnection => {
    const found = opened.get(name);
    if (found !== undefined) return found;
    throw new HubError(
      'config',
      'connection_unknown',
      `No connection is named '${name}'; there are: ${[...opened.keys()].join(', ')}.`,
    );
  };
  return {
    open,
    names: [...opened.keys()],
    inRole: (role: Role) =>
      deps.connections.filter((one) => one.roles.includes(role)).map((one) => one.name),
    fieldsOf: (name: string, operation: string) => {
      const input = open(name).connector.operations[operation]?.input;
      return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
    },
    ofVendor: (vendor: string) =>
      deps.connections.filter((one) => one.vendor === vendor).map((one) => one.name),
    call: (call: OperationCall) => callOperation(open(call.connection), call),
  };
}

function openConnection(
  deps: Parameters<typeof openConnections>[0],
  connection: Connection,
): OpenConnection {
  const connector = deps.connectors[connection.vendor];
  if (connector === undefined) {
    throw new HubError(
      'config',
      'vendor_unknown',
      `Connection '${connection.name}': no connector is called '${connection.vendor}'; there are: ${Object.keys(deps.connectors).join(', ')}.`,
    );
  }
  for (const role of connection.roles) {
    const missing = ROLE_VERBS[role].filter((verb) => connector.operations[verb] === undefined);
    if (missing.length > 0) {
      throw new HubError(
        'config',
        'role_unplayable',
        `Connection '${connection.name}': ${connector.title} can't play '${role}', it has no ${missing.join(', ')}.`,
      );
    }
  }
  requireStreams(connection, connector);
  const settings = parsed(
    connector.settings,
    connection.settings,
    `settings of connection '${connection.name}'`,
  );

  let http: ReturnType<typeof connectionHttp> | undefined;
  let read: unknown;
  let latest: unknown;
  const context = async (): Promise<ConnectionContext<unknown, unknown>> => {
    const secret = await deps.secrets.credentials(connection.name);
    if (latest === undefined || (secret !== read && !isDeepStrictEqual(secret, read))) {
      latest = parsed(
        connector.credentials,
        secret,
        `credentials of connection '${connection.name}'`,
      );
    }
    read = secret;
    return { connection: connection.name, credentials: latest, settings, now: deps.now() };
  };
  const open = (base: ConnectionContext<unknown, unknown>) =>
    connectionHttp(
      connector,
      () => ({ ...base, credentials: latest, now: deps.now() }),
      budgetOf(deps, connection, connector, settings),
    );
  return {
    connection,
    connector,
    context,
    async operationContext(key, caller = {}) {
      const base = await context();
      http ??= open(base);
      return { ...base, http: http(caller), key };
    },
  };
}

function requireStreams({ name, poll = {} }: Connection, connector: Connector): void {
  const known = Object.keys(connector.streams ?? {});
  const unknown = Object.keys(poll).find((stream) => !known.includes(stream));
  if (unknown === undefined) return;
  const there = known.length === 0 ? 'it has none' : `there are: ${known.join(', ')}`;
  throw new HubError(
    'config',
    'stream_unknown',
    `Connection '${name}': ${connector.title} has no stream '${unknown}'; ${there}.`,
  );
}

function budgetOf(
  deps: Parameters<typeof openConnections>[0],
  { name, share = 1 }: Connection,
  connector: Connector,
  settings: unknown,
): Budget | undefined {
  if (deps.budget === undefined) return undefined;
  const { title, http } = connector;
  const limits = connector.limits?.({ settings });
  return new Budget(
    { name, title, now: deps.now, timeoutMs: http.timeoutMs },
    limits && shareOf(limits, share),
    deps.budget,
  );
}

/** Runs one operation between its two schemas; what an earlier try left behind is looked for first. */
async function callOperation(to: OpenConnection, call: OperationCall): Promise<unknown> {
  const operation = to.connector.operations[call.operation];
  if (operation === undefined) {
    throw new HubError(
      'config',
      'operation_unknown',
      `${to.connector.title} has no operation '${call.operation}'.`,
    );
  }
  const input = parsed(
    operation.input,
    call.input,
    `input of ${to.connector.id}.${call.operation}`,
  );
  const { key, urgency } = call;
  const context = await to.operationContext(key, { urgency, progress: new Progress() });
  try {
    if (call.recovering && !operation.idempotent && operation.find !== undefined) {
      const found = await operation.find(context, input);
      if (found !== undefined) return operation.output.parse(found);
    }
    return operation.output.parse(await operation.run(context, input));
  } catch (error) {
    if (isHubError(error)) {
      const { connection, operation } = call;
      nameSetting(error, to.connector, { connection, operation, settings: context.settings });
      throw error;
    }
    if (error instanceof z.ZodError) {
      throw new HubError(
        'defect',
        'vendor_answer_unforeseen',
        `${to.connector.title} answered ${call.operation} in a shape nobody foresaw: ${z.prettifyError(error)}`,
        { outcomeUnknown: true },
      );
    }
    throw new HubError(
      'defect',
      'operation_broken',
      `${to.connector.id}.${call.operation} failed in the connector itself.`,
      { cause: error, outcomeUnknown: true },
    );
  }
}

/** Parses what ops or a caller wrote; a refusal names the fields, never their values. */
function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(
    (issue) => `${issue.path.join('.') || '(all of it)'}: ${issue.message}`,
  );
  throw new HubError('config', 'schema_refused', `The ${what} can't be used. ${fields.join('; ')}`);
}
