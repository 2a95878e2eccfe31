// Builds the parts of the panel; what they do is decided by `chat.js`.

import { button, el, icon, link } from './dom.js';

/** @typedef {ReturnType<typeof buildPanel>} Panel */

export const LONGEST = 1000;

/**
 * @param {import('./options.js').Options} options
 * @param {{open: () => void, close: () => void, submit: () => void, ask_erase: () => void,
 *   erase: () => void, keep: () => void, save: () => void, down: () => void, human: () => void, agree: () => void}} on
 */
export function buildPanel(options, on) {
  const { words } = options;
  const isFloating = options.mode === 'flottant';
  const unread = el('span', { class: 'unread' });
  const launcher = el(
    'button',
    { type: 'button', class: 'launcher', click: on.open, 'aria-expanded': 'false', 'aria-controls': 'panel', 'aria-haspopup': 'dialog', hidden: !isFloating },
    icon('chat'),
    el('span', {}, options.label),
    unread,
  );
  const field = el('textarea', { id: 'field', rows: 1, maxlength: LONGEST, autocomplete: 'off', enterkeyhint: 'send', 'aria-describedby': 'count' });
  const title = el('h2', { id: 'title', tabindex: '-1' }, options.title);
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', 'aria-label': words.log });
  const draft = el('div', { class: 'draft', 'aria-hidden': 'true', hidden: true });
  const scroll = el('div', { class: 'scroll', role: 'region', 'aria-label': words.conversation, tabindex: '0' }, notice(options), log, draft);
  const down = button(null, words.new_message, on.down, { class: 'down', hidden: true });
  const alert = el('div', { class: 'alert', role: 'alert' });
  const retry = button(null, words.retry, () => {}, { class: 'retry', hidden: true });
  const status = el('div', { class: 'hidden', role: 'status' });
  const count = el('span', { id: 'count', class: 'count' });
  const send = el('button', { type: 'submit', class: 'send', 'aria-disabled': 'false' }, icon('send'), el('span', {}, words.send));
  const confirm = el(
    'div',
    { class: 'confirm', role: 'group', 'aria-label': words.erase, hidden: true },
    el('p', {}, words.erase_sure),
    button(null, words.erase_yes, on.erase, { class: 'sure' }),
    button(null, words.erase_no, on.keep),
  );
  const form = el(
    'form',
    { class: 'ask', hidden: options.consent, submit: (/** @type {Event} */ event) => { event.preventDefault(); on.submit(); } },
    el('label', { for: 'field' }, words.question),
    el('div', { class: 'line' }, field, send),
    count,
  );
  const consent = button('yes', words.agree, on.agree, { class: 'agree', hidden: !options.consent });
  const toField = (/** @type {Event} */ event) => { event.preventDefault(); field.focus(); };
  const panel = el(
    'div',
    { id: 'panel', class: 'panel', role: isFloating ? 'dialog' : 'group', 'aria-labelledby': 'title', lang: options.lang, hidden: isFloating },
    el('a', { href: '#', class: 'skip', click: toField }, words.skip),
    el(
      'div',
      { class: 'head' },
      title,
      button('save', words.save, on.save, { class: 'tool' }),
      button('erase', words.erase, on.ask_erase, { class: 'tool erase' }),
      isFloating && button('close', words.close, on.close, { class: 'tool' }),
    ),
    confirm,
    scroll,
    down,
    el('div', { class: 'trouble' }, alert, retry),
    consent,
    form,
    options.humanUrl
      ? el('p', { class: 'foot', click: on.human }, link(options.humanUrl, words.human, words.new_window))
      : el('p', { class: 'foot' }, button(null, words.human, on.human, { class: 'plain' })),
  );
  const root = el('div', { class: `root ${options.theme} ${options.position} ${options.mode}` }, launcher, panel, status);
  return { root, launcher, unread, panel, title, field, log, draft, scroll, down, alert, retry, status, count, send, confirm, form, consent };
}

/** @param {import('./options.js').Options} options */
function notice({ words, privacyUrl, a11yUrl }) {
  return el(
    'div',
    { class: 'notice' },
    el('p', {}, words.notice),
    el(
      'p',
      {},
      link(privacyUrl, words.privacy, words.new_window),
      a11yUrl && link(a11yUrl, words.accessibility, words.new_window),
    ),
  );
}
