// What the tab remembers: who speaks, and the last messages. Nothing before the first opening.

const MOST = 60;

/** @typedef {{author: 'user' | 'bot', text: string, custom?: Record<string, any>, buttons?: {title: string, payload: string}[]}} Entry */

export class Session {
  /**
   * @param {string} site
   * @param {boolean} kept whether the tab may remember
   */
  constructor(site, kept) {
    this.key = `balise:${site}`;
    this.kept = kept;
    this.sender = '';
    /** @type {Entry[]} */
    this.entries = [];
    this.read();
  }

  /** The identifier of this conversation, drawn at the first message. */
  get id() {
    this.sender ||= uuid();
    return this.sender;
  }

  /** @param {Entry} entry */
  add(entry) {
    this.entries = [...this.entries, entry].slice(-MOST);
    this.write();
  }

  clear() {
    this.sender = '';
    this.entries = [];
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Storage is refused: nothing was kept.
    }
  }

  read() {
    if (!this.kept) return;
    try {
      const held = JSON.parse(sessionStorage.getItem(this.key) ?? '{}');
      if (typeof held.sender === 'string' && Array.isArray(held.entries)) {
        this.sender = held.sender;
        this.entries = held.entries.filter(isEntry).slice(-MOST);
      }
    } catch {
      // Storage is refused, or holds something else: the conversation begins anew.
    }
  }

  write() {
    if (!this.kept) return;
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ sender: this.id, entries: this.entries }));
    } catch {
      // Storage is refused or full: the conversation goes on without it.
    }
  }
}

/**
 * @param {any} value
 * @returns {value is Entry}
 */
function isEntry(value) {
  return ['user', 'bot'].includes(value?.author) && typeof value.text === 'string';
}

/** Draws an identifier; a page that is not served over https has no `randomUUID`. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
