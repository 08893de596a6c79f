import type { FakeMessage } from '#connectors/slack/fake/workspace.ts';
import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { linkAfter } from '#platform/embedded/fake-mailbox.ts';
import { titlesOf } from './hand-off-world.ts';
import { ADA } from './lead-events.ts';
import type { SandboxHub } from './sandbox-hub.ts';

/** Everything that Ada fills in, so that she is rated hot and goes to Germany's salespeople. */
const ADA_FACTS = {
  email: ADA,
  firstName: 'Ada',
  lastName: 'Lovelace',
  title: 'VP Marketing',
  company: 'Analytical Engines',
  country: 'DE',
  industry: 'Software',
  employees: 480,
};

/** Ada asks for a demo on the website. */
export function askForDemo(
  { vendors }: Pick<SandboxHub, 'vendors'>,
  need = 'We lose leads.',
  more: { readonly timeline?: string; readonly referrer?: string } = {},
) {
  return vendors.website.send('track', {
    anonymousId: 'visitor-ada',
    event: 'Demo Requested',
    properties: { ...ADA_FACTS, need, ...more },
  });
}

/** How Ada stands, in the hub and with the vendors. */
export function followAda(sandbox: SandboxHub) {
  const { vendors } = sandbox;
  const records = () => sandbox.hub().hub.records;
  const id = () => sandbox.personIdOf(ADA);
  const person = async () => (await readExisting(records(), Person, personKey(await id()))).data;
  const handoff = async (cycle?: number) => {
    const { id: personId, cycle: latest } = await person();
    const key = handoffKey(handoffId(personId, cycle ?? latest));
    return (await readExisting(records(), Handoff, key)).data;
  };
  const lead = () => vendors.salesforce.personByEmail(ADA);
  return {
    person,
    handoff,
    titles: async () => titlesOf({ records: records() }, await id()),
    /** Her record in Salesforce. */
    lead,
    /** The lists of the marketing automation platform that she is on, by their names. */
    lists: () =>
      sandbox.playbook.tracks.tracks
        .filter((_, index) => {
          const members = [...(vendors.marketo.lists.get(1001 + index) ?? [])];
          return members.some((one) => vendors.marketo.leads.get(one)?.['email'] === ADA);
        })
        .map(({ list }) => list),
    /** The invitations in the chat, the latest last. */
    invitations: async (): Promise<readonly FakeMessage[]> => {
      const { id: handoffOf } = await handoff();
      return vendors.slack.messages.filter(({ metadata }) =>
        String(metadata?.event_payload['handoff_id']).startsWith(`${handoffOf}.`),
      );
    },
    /** The address behind a word in the latest invitation by mail. */
    link(word: 'Accept' | 'Reject'): string {
      const mail = vendors.mailbox.mails.findLast((one) => linkAfter(one, word) !== undefined);
      return (mail && linkAfter(mail, word)) ?? '';
    },
    mailsTo: (email: string) =>
      vendors.mailbox.mails.filter(({ to }) => to === email).map(({ subject }) => subject),
  };
}

/** The member of the chat with this address. */
export function memberOf({ playbook }: SandboxHub, email: string): string {
  const { salespeople, managers = [] } = playbook.people;
  const at = [...salespeople, ...managers].findIndex((one) => one.email === email);
  return `U${String(at + 1).padStart(4, '0')}`;
}
