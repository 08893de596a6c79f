import { subscribe } from 'node:diagnostics_channel';
import { startVendors } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import { obey } from './commands.ts';

let requests = 0;
subscribe('http.server.request.start', () => {
  requests += 1;
});

/** All make-believe vendors of the sandbox; what they would tell the hub goes nowhere. */
async function open() {
  const playbook = await loadPlaybook('workflows/definitions', { connectors });
  const vendors = await startVendors({ now: () => new Date(), playbook, deliver: () => {} });
  return vendors.wiring;
}

obey({ open, requests: () => requests });
