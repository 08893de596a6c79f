import type { SalesforceSettings } from './credentials.ts';

/** Makes the change event of a write carry who wrote, and keeps assignment rules from overruling the owner. */
export function writeHeaders({ clientName }: SalesforceSettings): Record<string, string> {
  return {
    'Sforce-Call-Options': `client=${clientName}`,
    'Sforce-Auto-Assign': 'FALSE',
  };
}

/**
 * Lets a duplicate rule's alert pass. Only for a record that is there already: an alert about its
 * twin is no reason not to write what is known. A new record never passes.
 */
export const PASS_ALERTS = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
