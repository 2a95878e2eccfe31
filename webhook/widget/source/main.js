// Entry: one script tag, one element, one global.

import { BaliseChat } from './element.js';
import { readOptions } from './options.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const page = /** @type {any} */ (window);

function start() {
  if (page.Balise || !script) return;
  const options = readOptions(script.dataset);
  if (!options) return;
  if (!customElements.get('balise-chat')) customElements.define('balise-chat', BaliseChat);
  const chat = /** @type {BaliseChat} */ (document.createElement('balise-chat'));
  chat.id = 'balise-chat';
  const target = options.mode === 'integre' && document.querySelector(options.target || 'body');
  if (target === null) console.warn('Balise: nothing on the page is', options.target);
  (target || document.body).append(chat);
  page.Balise = {
    open: () => chat.open(),
    close: () => chat.close(),
    send: (/** @type {string} */ text) => chat.send(text),
    clear: () => chat.clear(),
    destroy: () => {
      chat.destroy();
      delete page.Balise;
    },
  };
  chat.start(options, script.src.replace(/\.js(\?.*)?$/, '.css'));
}

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
