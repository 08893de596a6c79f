import * as z from 'zod';
import { shortHash } from '#core/hash.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import type { LinkAction, SignedLink } from '#core/links.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Handoff } from '#core/records/handoff.ts';
import { choice } from './link-page.ts';
import { PAUSE_LENGTHS, pauseClock, pauseOffer } from './pause.ts';
import { runningClock } from './signals.ts';
import { vetoEnd, warnedEnd } from './veto.ts';

/** The link, and the hand-off as it is when somebody follows it. */
export interface Followed {
  readonly hub: Hub;
  readonly link: SignedLink;
  readonly handoff: Handoff;
}

type Fields = Readonly<Record<string, string>>;

/** What a link may do, and how its page asks for it. */
interface Deed {
  readonly question: string;
  readonly button: string;
  /** Why it can't be done any more, where that is so. */
  readonly over: (followed: Followed) => string | undefined;
  /** What the form asks for, as HTML. */
  readonly fields: (followed: Followed) => string;
  /** Title and text of the answer, or what the form still lacks. */
  readonly act: (
    followed: Followed,
    fields: Fields,
  ) => Promise<{ readonly title: string; readonly text: string } | { readonly lacks: string }>;
}

const notTheOwner = ({ handoff, link }: Followed) =>
  // The CRM may have moved the round to somebody else: then the one who was invited has no say.
  handoff.owner === link.to ? undefined : 'It has gone to a colleague in the meantime.';

const givenBack = ({ handoff }: Followed) =>
  handoff.signals.rejected === undefined ? undefined : 'It was given back already.';

const reasonsOf = ({ hub }: Followed) =>
  hub.playbook.tracks.reasons
    .filter(({ code }) => hub.playbook.tracks.salesMayGive.includes(code))
    .map(({ code, label }) => ({ value: code, label }));

const accept: Deed = {
  question: 'Take this lead?',
  button: 'Take it',
  over: (followed) =>
    notTheOwner(followed) ??
    givenBack(followed) ??
    (followed.handoff.signals.accepted === undefined ? undefined : 'You have taken it already.'),
  fields: () => '',
  async act({ hub, link }) {
    await applyEvent(hub, { ...signal(link, hub.now()), type: 'handoff.accepted' });
    return {
      title: 'The lead is yours',
      text: 'Thank you. The clock for the first touch is running.',
    };
  },
};

/** For reasons that go by a date; the others take no notice of it. */
const DATE_FIELD = ' <label>Talk again on <input type="date" name="date"></label> ';

const reject: Deed = {
  question: 'Give this lead back?',
  button: 'Give it back',
  over: (followed) => notTheOwner(followed) ?? givenBack(followed),
  fields: (followed) => `${choice('reason', 'Why?', reasonsOf(followed))}${DATE_FIELD}`,
  async act(followed, { reason = '', date }) {
    const { hub, link } = followed;
    if (!reasonsOf(followed).some(({ value }) => value === reason))
      return { lacks: 'Please choose a reason' };
    const day = z.iso.date().safeParse(date);
    const named = day.success ? { namedDate: `${day.data}T00:00:00.000Z` } : {};
    const told = { type: 'handoff.rejected' as const, reason, ...named };
    await applyEvent(hub, { ...signal(link, hub.now()), ...told });
    return {
      title: 'The lead goes back to marketing',
      text: 'Thank you. Your reason goes with it.',
    };
  },
};

const pause: Deed = {
  question: 'Pause the clock of this lead?',
  button: 'Pause it',
  over: (followed) => notTheOwner(followed) ?? givenBack(followed) ?? notPausable(followed),
  fields({ hub, handoff }) {
    const { reasons = [], leftMs = 0 } = pauseOffer(hub, handoff) ?? {};
    const minutes = Math.floor(leftMs / 60_000);
    return [
      choice(
        'reason',
        'Why?',
        reasons.map((value) => ({ value, label: value.replaceAll('-', ' ') })),
      ),
      choice(
        'length',
        `For how long? ${minutes} business minutes are left.`,
        PAUSE_LENGTHS.map((value) => ({ value, label: value })),
      ),
    ].join('<br>');
  },
  async act({ hub, link, handoff }, { reason = '', length = '' }) {
    if (reason === '' || !PAUSE_LENGTHS.some((one) => one === length))
      return { lacks: 'Please choose a reason and a time' };
    const clock = await pauseClock(hub, handoff.id, { by: link.to, reason, length });
    return { title: 'The clock stands still', text: `It is due ${clock.deadline} now.` };
  },
};

function notPausable({ hub, handoff }: Followed): string | undefined {
  const offer = pauseOffer(hub, handoff);
  if (offer === undefined) return 'No clock runs for it that may be paused.';
  return offer.leftMs < 60_000 ? 'Its clock was paused for as long as it may be.' : undefined;
}

const veto: Deed = {
  question: 'Keep this lead with its owner?',
  button: 'Keep it',
  over({ hub, handoff }) {
    const clock = runningClock(handoff);
    const end = clock === undefined ? undefined : warnedEnd(clock, hub.now());
    return end === undefined ? 'It is not about to leave its owner any more.' : undefined;
  },
  fields: () => '',
  async act({ hub, link, handoff }) {
    const clock = await vetoEnd(hub, handoff.id, { by: link.to });
    const until = clock.rungs.at(-1)?.at ?? '';
    return { title: 'The lead stays', text: `${handoff.owner} has until ${until}.` };
  },
};

/** All that links do, by what they name. */
export const LINK_DEEDS: Readonly<Record<LinkAction, Deed>> = { accept, reject, pause, veto };

function signal(link: SignedLink, now: Date) {
  const at = now.toISOString();
  const sourceId = shortHash('link', link.invitation, link.action, link.to);
  return {
    id: `evt_${sourceId}`,
    at,
    receivedAt: at,
    connection: 'mail',
    sourceId,
    subject: { handoffId: link.invitation },
    by: { email: link.to },
    via: 'email' as const,
  };
}
