// The small Markdown of our answers, as DOM nodes: paragraphs, lists, bold, italic, code, links.
// Anything else stays text.

import { el, link } from './dom.js';

const INLINE =
  /\*\*(?<bold>[^*]+)\*\*|(?<![\w*])[*_](?<italic>[^*_\s][^*_]*)[*_](?![\w*])|`(?<code>[^`]+)`|\[(?<words>[^\]]+)\]\((?<address>[^()\s]+(?:\([^()\s]*\))?[^()\s]*)\)/g;
const ITEM = /^(?:[-*]|(?<number>\d{1,3})[.)])\s+(?<text>.*)$/;

/**
 * @param {string} text
 * @param {{newWindow: string, dial?: (words: string) => string | null}} options `dial`: the
 *   address of a phone number written in bold
 * @returns {HTMLElement[]}
 */
export function markdown(text, options) {
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim())
    .flatMap((block) => blocks(block.split('\n'), options));
}

/**
 * @param {string[]} lines
 * @param {{newWindow: string, dial?: (words: string) => string | null}} options
 * @returns {HTMLElement[]}
 */
function blocks(lines, options) {
  /** @type {HTMLElement[]} */
  const made = [];
  /** @type {HTMLElement | null} */
  let opened = null;
  for (const line of lines) {
    const item = ITEM.exec(line);
    const tag = !item ? 'P' : item.groups?.number ? 'OL' : 'UL';
    /** @type {boolean} */
    const isSame = opened?.tagName === tag;
    const start = item?.groups?.number;
    /** @type {HTMLElement} */
    const open = isSame && opened ? opened : el(/** @type {'p'} */ (tag.toLowerCase()), start && start !== '1' ? { start } : {});
    if (!isSame) made.push(open);
    else if (!item) open.append(el('br'));
    if (item) open.append(el('li', {}, ...inline(item.groups?.text ?? '', options)));
    else open.append(...inline(line, options));
    opened = open;
  }
  return made;
}

/**
 * @param {string} text
 * @param {{newWindow: string, dial?: (words: string) => string | null}} options
 * @returns {(string | Node)[]}
 */
function inline(text, options) {
  /** @type {(string | Node)[]} */
  const made = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    made.push(text.slice(end, found.index), mark(found.groups ?? {}, options));
    end = found.index + found[0].length;
  }
  made.push(text.slice(end));
  return made.filter((piece) => piece !== '');
}

/**
 * @param {Record<string, string | undefined>} found
 * @param {{newWindow: string, dial?: (words: string) => string | null}} options
 */
function mark(found, options) {
  if (found.address) return link(found.address, found.words ?? '', options.newWindow);
  if (found.code) return el('code', {}, found.code);
  if (found.italic) return el('em', {}, found.italic);
  const words = found.bold ?? '';
  const number = options.dial?.(words);
  const strong = el('strong', {}, words);
  return number ? el('a', { href: number }, strong) : strong;
}
