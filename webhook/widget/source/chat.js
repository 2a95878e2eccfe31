// The conversation: what is said, sent, kept and announced.

import { botArticle, quickReplies, retireReplies, userArticle } from './answer.js';
import { markdown } from './markdown.js';
import { LONGEST } from './panel.js';
import { Session, uuid } from './session.js';
import { saveTranscript } from './transcript.js';
import { Failure, post } from './transport.js';

/** @typedef {{text: string, payload: string, id: string, article?: HTMLElement}} Outgoing */

// Milliseconds before « is writing », before « still », and between two pictures of a draft.
const WRITING_AFTER = 500;
const STILL_AFTER = 8000;
const REPAINT = 100;
const MOST_QUEUED = 5;
const COUNT_FROM = 100;
// Where what is left is said aloud.
const COUNTED = [100, 50, 20, 10, 0];
const NEAR = 80;

export class Chat {
  /**
   * @param {import('./options.js').Options} options
   * @param {import('./panel.js').Panel} view
   * @param {(name: string, detail?: Record<string, unknown>) => void} emit
   * @param {() => boolean} isShown whether the panel is on the screen
   */
  constructor(options, view, emit, isShown) {
    this.options = options;
    this.words = options.words;
    this.view = view;
    this.emit = emit;
    this.isShown = isShown;
    this.session = new Session(options.site, options.history === 'session');
    /** @type {Outgoing[]} */
    this.queue = [];
    this.isWaiting = false;
    this.unread = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.repaint = undefined;
    this.stop = new AbortController();
    this.handlers = {
      press: (/** @type {{title: string, payload: string}} */ one) => this.press(one),
      rate: (/** @type {string} */ id, /** @type {boolean} */ useful) => this.rate(id, useful),
      handoff: () => this.emit('handoff'),
    };
    this.restore();
    this.flush = this.flush.bind(this);
    addEventListener('online', this.flush);
  }

  destroy() {
    this.stop.abort();
    removeEventListener('online', this.flush);
  }

  /** Shows what the tab remembers, once, before anybody looks. */
  restore() {
    for (const entry of this.session.entries) {
      this.view.log.append(entry.author === 'user' ? userArticle(entry.text, this.words) : botArticle(entry, this.words, this.handlers));
    }
    this.retireAllButLast();
    if (!this.session.entries.length) this.suggest();
  }

  retireAllButLast() {
    const articles = [...this.view.log.children];
    articles.slice(0, -1).forEach(retireReplies);
  }

  /** Proposes a few questions before the first one. */
  suggest() {
    const buttons = [this.words.example_1, this.words.example_2, this.words.example_3].map((title) => ({ title, payload: title }));
    const replies = quickReplies(buttons, this.words, this.handlers);
    if (replies) this.view.draft.before(replies);
    this.suggestions = replies;
  }

  /** Says hello once, when the panel is first opened; a failure to do so is said of no one. */
  async greet() {
    if (this.greeted || this.session.entries.length || !this.options.greeting) return;
    this.greeted = true;
    try {
      const answers = await this.post({ payload: this.options.greeting, text: '', id: uuid() });
      for (const answer of answers) this.view.log.append(botArticle({ text: answer.text }, this.words, this.handlers));
    } catch {
      // The person will see it when they ask.
    }
  }

  /** @param {{title: string, payload: string}} one */
  press(one) {
    if (this.isWaiting || this.view.form.hidden) return;
    this.emit('quickreply');
    this.view.field.focus();
    this.say(one.title, one.payload);
  }

  submit() {
    const text = this.view.field.value.trim();
    if (!text || this.isWaiting) return;
    this.view.field.value = '';
    this.count();
    this.say(text, text);
  }

  count() {
    const left = LONGEST - this.view.field.value.length;
    const said = left <= COUNT_FROM ? this.words.left.replace('{count}', String(left)) : '';
    this.view.count.textContent = said;
    if (COUNTED.includes(left)) this.announce(said);
  }

  /**
   * @param {string} text what is shown
   * @param {string} payload what is sent
   */
  say(text, payload) {
    this.suggestions?.remove();
    retireReplies(this.view.log);
    const article = userArticle(text, this.words);
    this.view.log.append(article);
    this.show(article, true);
    this.session.add({ author: 'user', text });
    this.emit('message', { author: 'user' });
    const message = { text, payload, id: uuid(), article };
    if (navigator.onLine === false) this.hold(message);
    else this.send(message);
  }

  /** @param {Outgoing} message */
  hold(message) {
    if (this.queue.length < MOST_QUEUED) {
      this.queue.push(message);
      message.article?.setAttribute('data-waiting', this.words.waiting);
      this.complain(this.words.offline);
    } else {
      this.complain(this.words.too_many_waiting);
    }
  }

  /** Sends what was written offline, in order. */
  async flush() {
    while (this.queue.length && !this.isWaiting) {
      const [message] = this.queue;
      message.article?.removeAttribute('data-waiting');
      if (!(await this.send(message))) return;
      this.queue = this.queue.filter((one) => one !== message);
    }
  }

  /**
   * @param {Outgoing} message
   * @returns {Promise<boolean>} whether it was answered
   */
  async send(message) {
    this.complain('');
    this.wait(true);
    const timers = [
      setTimeout(() => this.announce(this.words.writing), WRITING_AFTER),
      setTimeout(() => this.announce(this.words.still), STILL_AFTER),
    ];
    try {
      const answers = await this.post(message);
      for (const answer of answers) this.receive(answer);
      return true;
    } catch (error) {
      if (!this.stop.signal.aborted) this.fail(/** @type {Failure} */ (error), message);
      return false;
    } finally {
      timers.forEach(clearTimeout);
      if ([this.words.writing, this.words.still].includes(this.view.status.textContent ?? '')) this.announce('');
      this.draw('');
      this.wait(false);
    }
  }

  /** @param {Outgoing} message */
  post(message) {
    const { endpoint, site, lang, context } = this.options;
    const metadata = {
      ...(typeof context === 'object' && context ? context : {}),
      channel: 'widget', lang, path: location.pathname, message_id: message.id, ...(site && { site }),
    };
    const body = { sender: this.session.id, message: message.payload, metadata };
    return post(endpoint, body, (text) => this.drawSoon(text), this.stop.signal);
  }

  /** @param {import('./transport.js').Answer} answer */
  receive(answer) {
    const article = botArticle(answer, this.words, this.handlers);
    const wasNear = this.isNearEnd();
    // What is said about distress does not wait for the end of what is being read.
    this.view.log.setAttribute('aria-live', answer.custom?.kind === 'safety' ? 'assertive' : 'polite');
    this.view.log.append(article);
    this.show(article, wasNear);
    this.session.add({ author: 'bot', text: String(answer.text ?? ''), custom: answer.custom, buttons: answer.buttons });
    this.emit('message', { author: 'bot', kind: answer.custom?.kind });
    if (!this.isShown()) this.tellUnread(this.unread + 1);
  }

  /** @param {number} count */
  tellUnread(count) {
    this.unread = count;
    const said = count === 0 ? '' : count === 1 ? this.words.unread_one : this.words.unread_many.replace('{count}', String(count));
    this.view.unread.textContent = said && ` ${said}`;
    if (said) this.announce(said);
  }

  /**
   * @param {Failure} error
   * @param {Outgoing} message
   */
  fail(error, message) {
    const kind = error instanceof Failure ? error.kind : 'server';
    const said = { offline: this.words.unreachable, timeout: this.words.timeout, busy: this.words.busy, server: this.words.error }[kind];
    this.complain(said.replace('{seconds}', String(error.wait ?? '')), () => {
      this.view.field.focus();
      this.resend(message);
    });
    this.emit('error', { kind });
  }

  /** @param {Outgoing} message the same identifier tells the server that it is no new one */
  async resend(message) {
    if (!(await this.send(message))) return;
    this.queue = this.queue.filter((one) => one !== message);
    await this.flush();
  }

  /**
   * @param {string} said
   * @param {(() => void) | null} [retry]
   */
  complain(said, retry = null) {
    const wasNear = this.isNearEnd();
    this.view.alert.textContent = said;
    this.view.retry.hidden = !retry;
    this.again = retry;
    // The panel has less room then: what was just said stays in view.
    if (said && wasNear) this.view.scroll.scrollTop = this.view.scroll.scrollHeight;
  }

  retry() {
    if (!this.isWaiting) this.again?.();
  }

  /** @param {string} said */
  announce(said) {
    this.view.status.textContent = said;
    this.view.root.toggleAttribute('data-writing', said === this.words.writing || said === this.words.still);
  }

  /** @param {boolean} isWaiting */
  wait(isWaiting) {
    this.isWaiting = isWaiting;
    this.view.send.setAttribute('aria-disabled', String(isWaiting));
  }

  /** @param {string} text */
  drawSoon(text) {
    this.drafted = text;
    this.repaint ??= setTimeout(() => this.draw(this.drafted ?? ''), REPAINT);
  }

  /** @param {string} text */
  draw(text) {
    clearTimeout(this.repaint);
    this.repaint = undefined;
    this.view.draft.hidden = !text;
    this.view.draft.replaceChildren(...markdown(text, { newWindow: '' }));
  }

  isNearEnd() {
    const { scroll } = this.view;
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < Math.max(NEAR, this.view.draft.offsetHeight + NEAR);
  }

  /**
   * Brings the start of a message into view, unless the person reads above.
   *
   * @param {HTMLElement} article
   * @param {boolean} isFollowing
   */
  show(article, isFollowing) {
    this.view.down.hidden = isFollowing;
    this.latest = article;
    if (isFollowing) this.view.scroll.scrollTop = article.offsetTop - this.view.scroll.offsetTop - 8;
  }

  showLatest() {
    if (this.latest) this.show(this.latest, true);
  }

  /**
   * @param {string} id
   * @param {boolean} useful
   */
  rate(id, useful) {
    this.announce(this.words.thanks);
    this.emit('rate', { id, useful });
    const address = this.options.endpoint.href.replace(/\/webhook$/, '/rating');
    if (address === this.options.endpoint.href) return;
    const body = JSON.stringify({ id, useful });
    const headers = { 'Content-Type': 'application/json' };
    // An opinion that is lost is no trouble of the person's.
    fetch(address, { method: 'POST', credentials: 'omit', referrerPolicy: 'strict-origin', headers, body, keepalive: true }).catch(() => {});
  }

  /** Erases here, and asks the server to forget. */
  clear() {
    const before = this.session.sender;
    if (before) {
      const body = { sender: before, message: '/restart', metadata: { channel: 'widget' } };
      post(this.options.endpoint, body, () => {}, this.stop.signal).catch(() => {});
    }
    this.session.clear();
    this.queue = [];
    this.greeted = true;
    this.view.log.replaceChildren();
    this.suggestions?.remove();
    this.suggest();
    this.complain('');
    this.announce(this.words.erased);
    this.emit('clear');
  }

  save() {
    saveTranscript(this.session.entries, this.options);
  }
}
