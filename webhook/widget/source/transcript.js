// The conversation as a text file, made in the browser.

import { el } from './dom.js';

/**
 * @param {import('./session.js').Entry[]} entries
 * @param {import('./options.js').Options} options
 */
export function saveTranscript(entries, { words, title }) {
  const lines = entries.map(({ author, text, custom }) => {
    const named = (custom?.sources ?? []).filter((/** @type {any} */ one) => one.url && !text.includes(one.url));
    const cited = named.map((/** @type {any} */ one) => `${words.source} ${one.title} ${one.url}`);
    return [`${author === 'user' ? words.you : words.assistant} : ${text}`, ...cited].join('\n');
  });
  const date = new Date().toLocaleString('fr-FR');
  const content = [`${title}, ${date}`, ...lines].join('\n\n') + '\n';
  const address = URL.createObjectURL(new Blob([content], { type: 'text/plain;charset=utf-8' }));
  el('a', { href: address, download: words.file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
