// The custom element: opens and closes the panel, and ties the keyboard to the conversation.

import { Chat } from './chat.js';
import { Modal } from './modal.js';
import { buildPanel } from './panel.js';
import css from './style.css';

export class BaliseChat extends HTMLElement {
  /** @param {import('./options.js').Options} options */
  start(options, stylesheet = '') {
    this.options = options;
    const shadow = this.attachShadow({ mode: 'open' });
    this.view = buildPanel(options, {
      open: () => this.open(),
      close: () => this.close(),
      submit: () => this.chat?.submit(),
      ask_erase: () => this.askErase(true),
      erase: () => this.clear(),
      keep: () => this.askErase(false),
      save: () => this.chat?.save(),
      down: () => this.chat?.showLatest(),
      human: () => this.human(),
      agree: () => this.agree(),
    });
    this.undress = dress(shadow, options, stylesheet);
    shadow.append(this.view.root);
    this.chat = new Chat(options, this.view, (name, detail) => this.emit(name, detail), () => !this.view?.panel.hidden);
    this.modal = new Modal(this, this.view.panel);
    this.view.retry.addEventListener('click', () => this.chat?.retry());
    this.view.panel.addEventListener('keydown', (event) => this.key(event));
    this.view.field.addEventListener('keydown', (event) => this.fieldKey(event));
    this.view.field.addEventListener('input', () => this.chat?.count());
    this.emit('ready');
  }

  open() {
    if (!this.view || !this.view.panel.hidden) return;
    const { panel, launcher, title, field, form } = this.view;
    panel.hidden = false;
    launcher.setAttribute('aria-expanded', 'true');
    this.modal?.open();
    // On a phone the keyboard would cover the answers.
    (matchMedia('(pointer: coarse)').matches || form.hidden ? title : field).focus();
    this.chat?.tellUnread(0);
    this.chat?.showLatest();
    this.emit('open');
    if (!form.hidden) this.chat?.greet();
  }

  close() {
    if (!this.view || this.view.panel.hidden || this.options?.mode !== 'flottant') return;
    this.view.panel.hidden = true;
    this.view.launcher.setAttribute('aria-expanded', 'false');
    this.modal?.close();
    this.view.launcher.focus();
    this.emit('close');
  }

  /** @param {string} text */
  send(text) {
    this.open();
    if (!this.chat?.isWaiting && String(text).trim()) this.chat?.say(String(text), String(text));
  }

  clear() {
    this.chat?.clear();
    this.askErase(false);
  }

  destroy() {
    this.modal?.destroy();
    this.chat?.destroy();
    this.undress?.();
    this.remove();
  }

  agree() {
    if (!this.view) return;
    this.view.consent.hidden = true;
    this.view.form.hidden = false;
    this.view.field.focus();
    this.chat?.greet();
  }

  human() {
    this.emit('handoff');
    if (!this.options?.humanUrl) this.chat?.press({ title: this.options?.words.human ?? '', payload: '/conseiller' });
  }

  /** @param {boolean} wanted */
  askErase(wanted) {
    if (!this.view) return;
    const { confirm, field } = this.view;
    confirm.hidden = !wanted;
    const target = wanted ? confirm.querySelector('button') : field;
    target?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === 'Escape' && !event.isComposing && this.options?.mode === 'flottant') {
      event.stopPropagation();
      this.close();
    }
    this.modal?.loop(event);
  }

  /** @param {KeyboardEvent} event */
  fieldKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.chat?.submit();
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} [detail] never what was written
   */
  emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`balise:${name}`, { bubbles: true, composed: true, detail }));
  }
}

/**
 * @param {ShadowRoot} shadow
 * @param {import('./options.js').Options} options
 * @param {string} stylesheet address of the same styles, for browsers without constructed ones
 * @returns {() => void} what to call at the end
 */
function dress(shadow, options, stylesheet) {
  const own = `:host{--offset:${options.offset}px;${options.accent && `--accent:${options.accent}`}}`;
  try {
    CSS.registerProperty({ name: '--u', syntax: '<length>', inherits: true, initialValue: '16px' });
  } catch {
    // Known already, or unknown to this browser: sizes are then those of the text around.
  }
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css + own);
    const screen = new CSSStyleSheet();
    shadow.adoptedStyleSheets = [sheet, screen];
    // The keyboard of a phone covers the page without shortening it: the panel follows what is seen.
    const follow = () => screen.replaceSync(`:host{--seen:${visualViewport?.height}px;--above:${visualViewport?.offsetTop}px}`);
    visualViewport?.addEventListener('resize', follow);
    visualViewport?.addEventListener('scroll', follow);
    if (visualViewport) follow();
    return () => {
      visualViewport?.removeEventListener('resize', follow);
      visualViewport?.removeEventListener('scroll', follow);
    };
  } catch {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = stylesheet;
    shadow.append(link);
    return () => {};
  }
}
