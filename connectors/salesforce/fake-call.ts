import type { FakeWrite } from '#connectors/kit/fake.ts';
import type { FaultScript } from '#connectors/kit/faults.ts';
import type { Faults } from './fake-errors.ts';
import type { QueryPages } from './fake-pages.ts';
import type { Schema } from './fake-schema.ts';
import type { SObjectName } from './fake-sobject.ts';
import type { SalesforceStore } from './fake-store.ts';
import type { Usage } from './fake-usage.ts';

/** One request to a resource: of its own, or a step of a composite one. */
export interface Call {
  readonly method: string;
  /** Below the address of the API's version. */
  readonly path: string;
  readonly query: URLSearchParams;
  header(name: string): string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  /** Absent where Salesforce answers nothing but the status. */
  readonly body?: unknown;
}

export interface FakeOrganization {
  readonly store: SalesforceStore;
  readonly schema: Schema;
  readonly pages: QueryPages;
  /** The user that the app runs as. */
  readonly runAs: string;
  /** Whether new leads are compared with what is there, and refused when they match. */
  readonly duplicateRule: boolean;
  /** Whether the REST API of this organisation converts leads. */
  readonly converts: boolean;
  /** To whom an automation gives every lead, whatever was written. */
  ownerTrigger(): string | undefined;
  /** Whether the user may see how the organisation is set up. */
  readonly seesSetup: boolean;
  /** Names of the external id fields. */
  readonly keys: Readonly<Partial<Record<SObjectName, string>>>;
  readonly faults: Faults;
  readonly script: FaultScript | undefined;
  readonly usage: Usage;
  record(write: Omit<FakeWrite, 'at'>): void;
  /** Forgets the writes recorded since, because they were undone. */
  recording<T>(act: () => T): T;
}
