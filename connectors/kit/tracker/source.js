/**
 * The script for websites: page views, named forms and identification, sent to the hub that served
 * it. `GET /v1/baton.js` serves this file in small: after a change run `npm run tracker`.
 *
 *   <script async src="https://hub.example.com/v1/baton.js" data-write-key="…"></script>
 *
 * Without consent nothing is sent and nothing is stored: where the tag says
 * `data-consent="required"`, not before `baton.consent(true)`; where the browser says Do Not Track
 * or Global Privacy Control, never.
 */
((window, document, navigator) => {
  const tag = document.currentScript;
  const { writeKey, consent } = tag.dataset;
  const refused = navigator.doNotTrack === '1' || navigator.globalPrivacyControl;

  /** A browser may forbid storage; then the visit is remembered for as long as the page is. */
  const memory = {};
  const remembered = (name, value, storage = 'localStorage') => {
    if (value) memory[name] = value;
    try {
      if (value) window[storage].setItem(name, value);
      return window[storage].getItem(name) || memory[name];
    } catch {
      return memory[name];
    }
  };
  const forgotten = (name, storage = 'localStorage') => {
    delete memory[name];
    try {
      window[storage].removeItem(name);
    } catch {}
  };

  const allowed = () =>
    !refused && (remembered('baton_consent') || (consent === 'required' ? '0' : '1')) === '1';

  const randomId = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');

  /** Where Google Analytics is on the page its visitor's name is ours, so that conversions find it. */
  const visitor = () =>
    remembered('baton_id') ||
    remembered('baton_id', /_ga=GA\d\.\d\.(\d+\.\d+)/.exec(document.cookie)?.[1] || randomId());

  /** What an address may say about where somebody came from; the rest of its query may be anything. */
  const telling =
    /^(?:utm_(campaign|source|medium|term|content)|(gclid|gbraid|wbraid|fbclid|msclkid|ttclid|li_fat_id|twclid))$/;

  const cleaned = (address) => {
    const url = new URL(address);
    for (const name of [...url.searchParams.keys()])
      if (!telling.test(name)) url.searchParams.delete(name);
    url.hash = '';
    return url.href;
  };

  const landed = location.href;

  /** Campaign and click ids of the address at which the visit began. */
  const landing = () => {
    const campaign = {};
    const clickIds = {};
    for (const [name, value] of new URL(landed).searchParams) {
      const [, utm, click] = telling.exec(name) || [];
      if (utm) campaign[utm.replace('campaign', 'name')] = value;
      if (click) clickIds[click] = value;
    }
    const came = JSON.stringify({ campaign, clickIds });
    return came.includes('":"') && came;
  };

  /** The same, kept for the later pages of the visit. */
  const arrival = () =>
    JSON.parse(remembered('baton_arrival', landing(), 'sessionStorage') || '{}');

  let referrer = document.referrer && cleaned(document.referrer);

  const send = (call, fields) => {
    if (!allowed()) return;
    const { campaign, clickIds } = arrival();
    const at = new Date().toISOString();
    const body = JSON.stringify({
      writeKey,
      messageId: randomId(),
      anonymousId: visitor(),
      timestamp: at,
      sentAt: at,
      context: {
        library: { name: 'baton.js' },
        locale: navigator.language,
        page: {
          url: cleaned(location.href),
          path: location.pathname,
          title: document.title,
          referrer,
        },
        campaign,
        clickIds,
      },
      ...fields,
    });
    const address = new URL(call, tag.src).href;
    // As plain text, because a page that is left has no time for a browser's preflight.
    if (!navigator.sendBeacon?.(address, body))
      fetch(address, { method: 'POST', body, keepalive: true, mode: 'no-cors' }).catch(() => {});
  };

  let shown;
  const page = () => {
    const url = location.pathname + location.search;
    if (url === shown || !allowed()) return;
    send('p');
    shown = url;
    referrer = cleaned(location.href);
  };

  const track = (event, properties) => send('t', { event, properties });

  /** `identify('user-1', traits)`, or the traits alone. */
  const identify = (user, traits = {}) =>
    send('i', typeof user === 'object' ? { traits: user } : { userId: String(user), traits });

  const MOST_LETTERS = 2000;

  /** Never what a form keeps to itself, passwords, files, cards or what looks like a card's number. */
  const mayRead = ({ type, name, value, autocomplete }) =>
    name &&
    value &&
    !/^(password|hidden|file|submit|button|image|reset)$/.test(type) &&
    !/^(cc-|one-time|current-p|new-p)/.test(autocomplete) &&
    !/pass|card|cvv|cvc|iban|ssn|secret|token|pin$/i.test(name) &&
    !/^(\d[ -]?){13,19}$/.test(value.trim());

  const isEmail = ({ type, name, value }) =>
    type === 'email' || (/e-?mail/i.test(name) && value.includes('@'));

  const read = (form) => {
    const fields = {};
    for (const field of form.elements) {
      const isLeft = /^(checkbox|radio)$/.test(field.type) && !field.checked;
      if (isLeft || !mayRead(field)) continue;
      const value = field.value.slice(0, MOST_LETTERS);
      fields[field.name] = value;
      if (isEmail(field)) fields.email = value;
    }
    return fields;
  };

  const submitted = ({ target }) => {
    // `form.name` is a field where a form has one of that name.
    const form = target.getAttribute('name') || target.id;
    const { batonIgnore, batonEvent } = target.dataset;
    if (!form || batonIgnore !== undefined) return;
    const fields = read(target);
    if (fields.email) identify({ email: fields.email });
    track(batonEvent || 'Form Submitted', { ...fields, form });
  };
  addEventListener('submit', submitted, true);

  // Pages that change without being loaded.
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      // The page sets its title after the address.
      setTimeout(page);
    };
  }
  addEventListener('popstate', page);

  window.baton = {
    page,
    track,
    identify,
    consent(given) {
      if (refused) return;
      if (given) remembered('baton_consent', '1');
      else {
        forgotten('baton_id');
        forgotten('baton_arrival', 'sessionStorage');
        if (consent === 'required') forgotten('baton_consent');
        else remembered('baton_consent', '0');
      }
      page();
    },
  };
  page();
})(window, document, navigator);
