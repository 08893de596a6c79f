import { HubError, isHubError } from '#core/errors.ts';
import { readLink } from '#core/links.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffKey, readInvitation } from '#core/records/handoff.ts';
import { read } from '#core/records/store.ts';
import { type Followed, LINK_DEEDS } from './link-deeds.ts';
import { form, type LinkPage, page } from './link-page.ts';
import { escaped } from './message.ts';

/** The address holds the proof of who may answer: it must not travel on or be kept. */
export const LINK_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
} as const;

/**
 * The page behind a signed link. It only asks: mail scanners and previews follow links, so nothing
 * happens before somebody presses the button.
 */
export function showLink(hub: Hub, token: string): Promise<LinkPage> {
  return following(hub, token, async (followed) => asking(200, undefined, followed));
}

/** Does what the link says, as the one to whom it was sent. Pressing twice changes nothing. */
export function answerLink(
  hub: Hub,
  token: string,
  fields: Readonly<Record<string, string>>,
): Promise<LinkPage> {
  return following(hub, token, async (followed) => {
    const done = await LINK_DEEDS[followed.link.action].act(followed, fields);
    return 'lacks' in done
      ? asking(422, done.lacks, followed)
      : page(200, done.title, `<p>${escaped(done.text)}</p>`);
  });
}

function asking(status: number, title: string | undefined, followed: Followed): LinkPage {
  const deed = LINK_DEEDS[followed.link.action];
  return page(status, title ?? deed.question, form(deed.fields(followed), deed.button));
}

async function following(
  hub: Hub,
  token: string,
  answer: (followed: Followed) => Promise<LinkPage>,
): Promise<LinkPage> {
  try {
    const link = readLink(await hub.secrets.signingKey(), token, hub.now());
    const { id, round } = readInvitation(link.invitation);
    const handoff = await read(hub.records, Handoff, handoffKey(id));
    if (handoff === undefined)
      throw new HubError('auth', 'link_invalid', 'This link names no hand-off of this hub.');
    const followed: Followed = { hub, link, handoff: handoff.data };
    const over = whyOver(followed, round);
    return over === undefined
      ? await answer(followed)
      : page(200, 'This lead has moved on', `<p>${escaped(over)}</p>`);
  } catch (error) {
    if (isHubError(error, 'data'))
      return page(409, 'This was not done', `<p>${escaped(error.message)}</p>`);
    if (!isHubError(error, 'auth')) throw error;
    return page(401, 'This link does not work', `<p>${escaped(error.message)}</p>`);
  }
}

function whyOver(followed: Followed, round: number | undefined): string | undefined {
  const { handoff, link } = followed;
  if (handoff.round !== round) return 'It has gone to a colleague in the meantime.';
  if (handoff.status === 'merged') return 'The same person is with sales under another hand-off.';
  const over = LINK_DEEDS[link.action].over(followed);
  if (over !== undefined) return over;
  const open = handoff.status === 'open' || handoff.status === 'assigning';
  return open ? undefined : 'Its hand-off is over.';
}
