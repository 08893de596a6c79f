import type { Briefing } from '#core/briefing/write-briefing.ts';

/** The briefing as lines of text: one screen in Slack, one task in the CRM. */
export function briefingLines(briefing: Briefing): string[] {
  const said = [
    briefing.need === undefined ? [] : [`They need: ${briefing.need}`],
    briefing.timeline === undefined ? [] : [`When: ${briefing.timeline}`],
    briefing.referrer === undefined ? [] : [`Came from: ${briefing.referrer}`],
  ].flat();
  return [
    ...(briefing.heed === undefined ? [] : [briefing.heed]),
    ...said,
    ...briefing.whyNow.map((why) => `Why now: ${why}`),
    ...briefing.lastTouches.map(({ at, text }) => `${at.slice(0, 10)}  ${text}`),
    `Opener: ${briefing.opener}`,
    ...briefing.ask.map((question) => `Ask: ${question}`),
  ];
}

/** The mail that invites a salesperson to a lead. */
export function briefingMail(
  briefing: Briefing,
  links: { accept: string; reject: string; pause?: string },
  dueAt: string,
): { subject: string; text: string; html: string } {
  const lines = briefingLines(briefing);
  const text = [
    briefing.who,
    '',
    ...lines,
    '',
    `Please answer by ${dueAt}.`,
    `Accept: ${links.accept}`,
    `Reject: ${links.reject}`,
    ...(links.pause === undefined ? [] : [`Pause the clock later: ${links.pause}`]),
  ].join('\n');
  const html = [
    `<h2>${escaped(briefing.who)}</h2>`,
    ...lines.map((line) => `<p>${escaped(line)}</p>`),
    `<p>Please answer by ${escaped(dueAt)}.</p>`,
    `<p><a href="${links.accept}">Accept</a> &middot; <a href="${links.reject}">Reject</a></p>`,
    ...(links.pause === undefined
      ? []
      : [`<p><a href="${links.pause}">Pause the clock later</a></p>`]),
  ].join('\n');
  return { subject: `A lead for you: ${briefing.who}`, text, html };
}

/** Text as it may stand in HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
