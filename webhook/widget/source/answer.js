// Draws one message of the conversation, whole, as an article.

import { button, el, icon, link, safeAddress } from './dom.js';
import { markdown } from './markdown.js';

/**
 * @typedef {object} Handlers
 * @property {(button: {title: string, payload: string}) => void} press
 * @property {(id: string, useful: boolean) => void} rate
 * @property {() => void} handoff
 */
/** @typedef {import('./strings.js').Words} Words */
/** @typedef {{title: string, facts: {label: string, value: string}[], url?: string, url_label?: string}} Card */

const MOST_BUTTONS = 6;
const MOST_FACTS = 3;
const MOST_COMPARED = 4;
// A number to call in a message of distress: « 3114 », « 119 ».
const NUMBER = /^\d{2,4}$/;
const BY_SMS = '114';

/**
 * @param {string} text
 * @param {Words} words
 */
export function userArticle(text, words) {
  return el('article', { class: 'user' }, el('p', { class: 'author' }, words.you), el('p', {}, text));
}

/**
 * @param {import('./transport.js').Answer} answer
 * @param {Words} words
 * @param {Handlers} handlers
 */
export function botArticle(answer, words, handlers) {
  const { text = '', buttons = [], custom = {} } = answer;
  const isSafety = custom.kind === 'safety';
  const cards = list(custom.cards);
  const compared = cards.length > 1 && cards.length <= MOST_COMPARED && sameFacts(cards);
  const body = markdown(String(text), { newWindow: words.new_window, dial: isSafety ? dial : undefined });
  return el(
    'article',
    { class: `bot ${isSafety ? 'safety' : ''}` },
    el('p', { class: 'author' }, isSafety && icon('warn'), words.assistant),
    ...(compared ? aroundTable(body, table(cards, words), words) : body),
    !compared && cards.length > 0 && cardList(cards, words),
    sources(list(custom.sources), String(text), words),
    custom.handoff && handoff(custom.handoff, words, handlers),
    typeof custom.rate?.id === 'string' && rating(custom.rate.id, words, handlers),
    quickReplies(list(buttons), words, handlers),
  );
}

/**
 * @param {unknown} value
 * @returns {any[]} the objects of a list, none for anything else
 */
function list(value) {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one) : [];
}

/** @param {string} words */
function dial(words) {
  return NUMBER.test(words) ? `${words === BY_SMS ? 'sms' : 'tel'}:${words}` : null;
}

/**
 * Folds a text that the table tells better; its first and last paragraphs stay around them.
 *
 * @param {HTMLElement[]} body
 * @param {HTMLElement} drawn
 * @param {Words} words
 */
function aroundTable(body, drawn, words) {
  if (body.length < 4) return [...body, drawn];
  const details = el('details', {}, el('summary', {}, words.as_text), ...body.slice(1, -1));
  return [body[0], drawn, details, body[body.length - 1]];
}

/** @param {Card[]} cards */
function sameFacts(cards) {
  const labels = cards.map((card) => list(card.facts).map((fact) => fact.label).join('|'));
  return labels[0] !== '' && labels.every((one) => one === labels[0]);
}

/**
 * @param {Card[]} cards
 * @param {Words} words
 */
function table(cards, words) {
  const head = cards.map((card) => el('th', { scope: 'col' }, String(card.title)));
  // The name of a fact has a row of its own: a panel is too narrow for one more column. On a phone
  // each cell says which job it is of.
  const groups = cards[0].facts.map((fact, row) =>
    el(
      'tbody',
      {},
      el('tr', {}, el('th', { scope: 'rowgroup', colspan: cards.length }, String(fact.label))),
      el(
        'tr',
        {},
        ...cards.map((card) =>
          el('td', {}, el('b', { 'aria-hidden': 'true' }, String(card.title)), String(card.facts[row].value)),
        ),
      ),
    ),
  );
  return el(
    'table',
    { class: cards.length > 2 && 'stacked' },
    el('caption', { class: 'hidden' }, words.comparison),
    el('thead', {}, el('tr', {}, ...head)),
    ...groups,
  );
}

/**
 * @param {Card[]} cards
 * @param {Words} words
 */
function cardList(cards, words) {
  const label = cards.length > 1 ? words.results.replace('{count}', String(cards.length)) : words.result;
  return el('ul', { class: 'cards', 'aria-label': label }, ...cards.map((card) => el('li', {}, ...cardParts(card, words))));
}

/**
 * @param {Card} card
 * @param {Words} words
 */
function cardParts(card, words) {
  const facts = list(card.facts).slice(0, MOST_FACTS);
  return [
    el('h3', {}, String(card.title)),
    facts.length > 0 &&
      el('dl', {}, ...facts.flatMap((fact) => [el('dt', {}, String(fact.label)), el('dd', {}, String(fact.value))])),
    card.url && link(card.url, card.url_label || `${words.see_fiche} ${card.title}`, words.new_window),
  ];
}

/**
 * Names the sources that the text does not.
 *
 * @param {{title: string, url: string}[]} named
 * @param {string} text
 * @param {Words} words
 */
function sources(named, text, words) {
  const missing = named.filter((one) => one.url && !text.includes(one.url));
  if (!missing.length) return null;
  const links = missing.flatMap((one, place) => [place > 0 && ', ', link(one.url, String(one.title), words.new_window)]);
  return el('p', { class: 'source' }, `${words.source} `, ...links);
}

/**
 * @param {{label: string, url?: string | null, tel?: string | null}} human
 * @param {Words} words
 * @param {Handlers} handlers
 */
function handoff(human, words, handlers) {
  const tel = human.tel && `tel:${human.tel.replace(/[^+\d]/g, '')}`;
  return el(
    'div',
    { class: 'handoff', role: 'group', 'aria-label': words.human, click: handlers.handoff },
    el('p', {}, String(human.label)),
    human.url && safeAddress(human.url) && link(human.url, words.write_to, words.new_window),
    tel && link(tel, `${words.call} ${human.tel}`, words.new_window),
  );
}

/**
 * @param {string} id
 * @param {Words} words
 * @param {Handlers} handlers
 */
function rating(id, words, handlers) {
  const choices = [true, false].map((useful) =>
    button('yes', useful ? words.useful : words.useless, () => {
      if (choices[useful ? 0 : 1].getAttribute('aria-pressed') === 'true') return;
      choices.forEach((one, place) => one.setAttribute('aria-pressed', String((place === 0) === useful)));
      handlers.rate(id, useful);
    }, { 'aria-pressed': 'false' }),
  );
  return el('div', { class: 'rating', role: 'group', 'aria-label': words.rating }, ...choices);
}

/**
 * @param {{title: string, payload: string}[]} buttons
 * @param {Words} words
 * @param {Handlers} handlers
 */
export function quickReplies(buttons, words, handlers) {
  if (!buttons.length) return null;
  const made = buttons.slice(0, MOST_BUTTONS).map((one) =>
    button(null, String(one.title), () => {
      if (made[0].getAttribute('aria-disabled') !== 'true') handlers.press(one);
    }),
  );
  return el('div', { class: 'replies', role: 'group', 'aria-label': words.replies }, ...made);
}

/**
 * Buttons once used stay where they are, so that the focus does not fall out of the panel.
 *
 * @param {ParentNode} log
 */
export function retireReplies(log) {
  for (const one of log.querySelectorAll('.replies button')) one.setAttribute('aria-disabled', 'true');
}
