// Makes DOM nodes without ever parsing HTML: nothing that a message holds can run.

/** @typedef {string | Node | null | undefined | false} Child */

const SVG = 'http://www.w3.org/2000/svg';

/** The icons: one path each, drawn on 24 by 24. */
const ICONS = {
  chat: 'M4 4h16v12H9l-5 4z',
  close: 'M6 6l12 12M18 6L6 18',
  erase: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  save: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  send: 'M4 12l16-8-6 16-3-7z',
  warn: 'M12 3l10 18H2zM12 9v6M12 17v1',
  yes: 'M5 13l4 4L19 7',
};

/**
 * Makes an element. A property that is a function is a listener; `hidden: false` adds nothing.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      node.addEventListener(name, /** @type {EventListener} */ (value));
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children.filter(isShown));
  return node;
}

/**
 * @param {Child} child
 * @returns {child is string | Node}
 */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== '';
}

/**
 * Draws an icon, which says nothing to screen readers.
 *
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of [['viewBox', '0 0 24 24'], ['aria-hidden', 'true'], ['focusable', 'false']]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Makes a button of an icon and words.
 *
 * @param {keyof typeof ICONS | null} name
 * @param {string} words
 * @param {() => void} click
 * @param {Record<string, unknown>} [more]
 */
export function button(name, words, click, more = {}) {
  return el('button', { type: 'button', click, ...more }, name && icon(name), el('span', {}, words));
}

/**
 * Makes a link that opens another window; words alone for an address that is not safe.
 *
 * @param {string} address
 * @param {string} words
 * @param {string} newWindow said after the words
 */
export function link(address, words, newWindow) {
  const safe = safeAddress(address);
  if (safe === null) return el('span', {}, words);
  if (/^(tel|sms|mailto):/.test(safe)) return el('a', { href: safe }, words);
  return el(
    'a',
    { href: safe, target: '_blank', rel: 'noopener noreferrer' },
    words,
    el('span', { class: 'hidden' }, ` ${newWindow}`),
  );
}

/**
 * @param {string} address
 * @returns {string | null}
 */
export function safeAddress(address) {
  try {
    const { protocol, href } = new URL(address);
    return ['https:', 'http:', 'mailto:', 'tel:', 'sms:'].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}
