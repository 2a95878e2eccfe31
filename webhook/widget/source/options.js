// Reads what the page asks for in the attributes of the script; a wrong value is said in the
// console and the default is kept.

import { strings } from './strings.js';

/**
 * @typedef {object} Options
 * @property {URL} endpoint
 * @property {string} privacyUrl
 * @property {string} a11yUrl
 * @property {string} humanUrl
 * @property {string} site
 * @property {string} title
 * @property {string} label
 * @property {string} lang
 * @property {string} theme
 * @property {string} accent
 * @property {string} position
 * @property {string} mode
 * @property {string} target
 * @property {string} greeting
 * @property {string} history
 * @property {number} offset in pixels
 * @property {boolean} consent whether « J'ai compris » comes before the field
 * @property {unknown} context
 * @property {import('./strings.js').Words} words
 */

const CHOICES = {
  theme: ['auto', 'clair', 'sombre', 'dsfr'],
  position: ['droite', 'gauche'],
  mode: ['flottant', 'integre'],
  history: ['session', 'aucun'],
  address: ['vous', 'tu'],
  consent: ['non', 'oui'],
};
// White words on the accent are read by everybody from this contrast on (WCAG 1.4.3).
const LEAST_CONTRAST = 4.5;

/**
 * @param {DOMStringMap} data
 * @returns {Options | null} null when an attribute that must be there is not
 */
export function readOptions(data) {
  const endpoint = address(data.endpoint);
  const privacy = address(data.privacyUrl);
  if (!endpoint || !privacy) {
    console.error('Balise: data-endpoint and data-privacy-url must be web addresses.');
    return null;
  }
  const words = { ...strings.vous, ...(choice(data, 'address') === 'tu' && strings.tu), ...ownWords(data.words) };
  return {
    endpoint,
    privacyUrl: privacy.href,
    a11yUrl: optional(data.a11yUrl),
    humanUrl: optional(data.humanUrl),
    site: data.site ?? '',
    title: data.title || words.title,
    label: data.label || words.label,
    lang: data.lang || 'fr',
    theme: choice(data, 'theme'),
    accent: accent(data.accent),
    position: choice(data, 'position'),
    mode: choice(data, 'mode'),
    target: data.target ?? '',
    greeting: data.greeting ?? '/start',
    history: choice(data, 'history'),
    offset: offset(data.offset),
    consent: choice(data, 'consent') === 'oui',
    context: json('context', data.context),
    words,
  };
}

/**
 * @param {string | undefined} value
 * @returns {URL | null}
 */
function address(value) {
  if (!value) return null;
  try {
    const url = new URL(value, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** @param {string | undefined} value */
function optional(value) {
  const url = address(value);
  if (value && !url) console.warn('Balise: not a web address:', value);
  return url ? url.href : '';
}

/**
 * @param {DOMStringMap} data
 * @param {keyof typeof CHOICES} name
 */
function choice(data, name) {
  const value = data[name];
  if (value === undefined || CHOICES[name].includes(value)) return value ?? CHOICES[name][0];
  console.warn(`Balise: data-${name} is one of ${CHOICES[name].join(', ')}.`);
  return CHOICES[name][0];
}

/** @param {string | undefined} value */
function offset(value) {
  const pixels = Number(value ?? 16);
  if (pixels >= 16 && pixels <= 400) return pixels;
  console.warn('Balise: data-offset is 16 to 400 pixels.');
  return 16;
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function json(name, value) {
  if (!value) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    console.warn(`Balise: data-${name} is not JSON.`);
    return undefined;
  }
}

/**
 * The sentences that a site words in its own way.
 *
 * @param {string | undefined} value
 * @returns {Partial<import('./strings.js').Words>}
 */
function ownWords(value) {
  const own = Object.entries(json('words', value) ?? {});
  return Object.fromEntries(own.filter(([key, said]) => key in strings.vous && typeof said === 'string'));
}

/** @param {string | undefined} value */
function accent(value) {
  if (!value) return '';
  if (/^#[0-9a-f]{6}$/i.test(value) && contrastWithWhite(value) >= LEAST_CONTRAST) return value;
  console.warn('Balise: data-accent is a colour like #0b5c5c on which white is well read.');
  return '';
}

/** @param {string} colour */
function contrastWithWhite(colour) {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const part = parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
