import { HubError, isHubError } from '#core/errors.ts';
import { shortHash } from '#core/hash.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { readLink, type SignedLink } from '#core/links.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffKey, readInvitation } from '#core/records/handoff.ts';
import { read } from '#core/records/store.ts';
import { escaped } from './message.ts';

/** The address holds the proof of who may answer: it must not travel on or be kept. */
export const LINK_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
} as const;

export interface LinkPage {
  readonly status: number;
  readonly html: string;
}

/**
 * The page behind a signed link. It only asks: mail scanners and previews follow links, so nothing
 * happens before somebody presses the button.
 */
export function showLink(hub: Hub, token: string): Promise<LinkPage> {
  return answering(hub, token, async (link) => {
    const over = await whyOver(hub, link);
    if (over !== undefined) return page(200, 'This lead has moved on', `<p>${escaped(over)}</p>`);
    return page(
      200,
      link.action === 'accept' ? 'Take this lead?' : 'Give this lead back?',
      form(hub, link),
    );
  });
}

/** Does what the link says, as the one to whom it was sent. Pressing twice changes nothing. */
export function answerLink(
  hub: Hub,
  token: string,
  fields: Readonly<Record<string, string>>,
): Promise<LinkPage> {
  return answering(hub, token, async (link) => {
    const over = await whyOver(hub, link);
    if (over !== undefined) return page(200, 'This lead has moved on', `<p>${escaped(over)}</p>`);
    const reason = fields['reason'] ?? '';
    if (link.action === 'reject' && !mayGive(hub, reason))
      return page(422, 'Please choose a reason', form(hub, link));
    await applyEvent(hub, {
      ...signal(link, hub.now()),
      ...(link.action === 'accept'
        ? { type: 'handoff.accepted' }
        : { type: 'handoff.rejected', reason }),
    });
    return link.action === 'accept'
      ? page(
          200,
          'The lead is yours',
          '<p>Thank you. The clock for the first touch is running.</p>',
        )
      : page(200, 'The lead goes back to marketing', '<p>Thank you. Your reason goes with it.</p>');
  });
}

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

async function answering(
  hub: Hub,
  token: string,
  answer: (link: SignedLink) => Promise<LinkPage>,
): Promise<LinkPage> {
  try {
    return await answer(readLink(await hub.secrets.signingKey(), token, hub.now()));
  } catch (error) {
    if (!isHubError(error, 'auth')) throw error;
    return page(401, 'This link does not work', `<p>${escaped(error.message)}</p>`);
  }
}

async function whyOver(hub: Hub, link: SignedLink): Promise<string | undefined> {
  const { id, round } = readInvitation(link.invitation);
  const handoff = await read(hub.records, Handoff, handoffKey(id));
  if (handoff === undefined)
    throw new HubError('auth', 'link_invalid', 'This link names no hand-off of this hub.');
  const { status, signals, ...now } = handoff.data;
  // The CRM may have moved the round to somebody else: then the one who was invited has no say.
  if (now.round !== round || now.owner !== link.to)
    return 'It has gone to a colleague in the meantime.';
  if (signals.rejected !== undefined) return 'It was given back already.';
  if (signals.accepted !== undefined && link.action === 'accept')
    return 'You have taken it already.';
  return status === 'open' || status === 'assigning' ? undefined : 'Its hand-off is over.';
}

const mayGive = (hub: Hub, reason: string) =>
  hub.playbook.tracks.salesMayGive.some((code) => code === reason);

function form(hub: Hub, link: SignedLink): string {
  const { reasons } = hub.playbook.tracks;
  const options = reasons
    .filter(({ code }) => mayGive(hub, code))
    .map(({ code, label }) => `<option value="${escaped(code)}">${escaped(label)}</option>`);
  const choice =
    link.action === 'reject'
      ? `<label>Why? <select name="reason" required><option value=""></option>${options.join('')}</select></label> `
      : '';
  return `<form method="post">${choice}<button>${link.action === 'accept' ? 'Take it' : 'Give it back'}</button></form>`;
}

function page(status: number, title: string, body: string): LinkPage {
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escaped(title)} · Baton</title>`,
    '<style>body{font:1.1rem/1.5 system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem}button,select{font:inherit;padding:.4rem 1rem}</style>',
    `</head><body><h1>${escaped(title)}</h1>${body}</body></html>`,
  ];
  return { status, html: html.join('\n') };
}
