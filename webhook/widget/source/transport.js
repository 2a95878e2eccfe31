// Sends a message and reads the answer, at once or while it arrives.

/**
 * @typedef {object} Answer a message in Rasa's shape
 * @property {string} [text]
 * @property {{title: string, payload: string}[]} [buttons]
 * @property {Record<string, any>} [custom]
 */

// Milliseconds without an answer, and without the end of one that has begun.
const PATIENCE = 20000;
const STREAM_PATIENCE = 60000;

/** Why no answer came; `wait` is in seconds. */
export class Failure extends Error {
  /**
   * @param {'offline' | 'timeout' | 'busy' | 'server'} kind
   * @param {number} [wait]
   */
  constructor(kind, wait = 0) {
    super(kind);
    this.kind = kind;
    this.wait = wait;
  }
}

/**
 * @param {URL} endpoint
 * @param {unknown} body
 * @param {(text: string) => void} onDraft told the text that has arrived so far
 * @param {AbortSignal} stop
 * @returns {Promise<Answer[]>}
 * @throws {Failure}
 */
export async function post(endpoint, body, onDraft, stop) {
  const abort = new AbortController();
  const give_up = () => abort.abort();
  stop.addEventListener('abort', give_up);
  let timer = setTimeout(give_up, PATIENCE);
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      credentials: 'omit',
      referrerPolicy: 'strict-origin',
      cache: 'no-store',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    if (response.status === 429) {
      throw new Failure('busy', Number(response.headers.get('Retry-After')) || 60);
    }
    if (!response.ok) throw new Failure('server');
    if (response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      clearTimeout(timer);
      timer = setTimeout(give_up, STREAM_PATIENCE);
      return await readEvents(response, onDraft);
    }
    return checked(await response.json());
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (abort.signal.aborted) throw new Failure('timeout');
    throw new Failure(error instanceof TypeError ? 'offline' : 'server');
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', give_up);
  }
}

/**
 * @param {unknown} value
 * @returns {Answer[]}
 */
function checked(value) {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'object' || one === null)) {
    throw new Failure('server');
  }
  return value;
}

/**
 * @param {Response} response
 * @param {(text: string) => void} onDraft
 */
async function readEvents(response, onDraft) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  /** @type {Answer[]} */
  const answers = [];
  let held = '';
  let draft = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    held += decoder.decode(value, { stream: !done });
    const events = held.split(/\r?\n\r?\n/);
    held = events.pop() ?? '';
    for (const event of events) {
      const name = /^event: ?(.*)$/m.exec(event)?.[1];
      const data = JSON.parse(/^data: ?(.*)$/m.exec(event)?.[1] ?? '{}');
      if (name === 'token') onDraft((draft += String(data.t ?? '')));
      if (name === 'message') {
        answers.push(...checked([data]));
        draft = '';
      }
      if (name === 'error') throw new Failure('server');
      if (name === 'done') return answers;
    }
    // A stream that ends before its last event was cut.
    if (done) throw new Failure('server');
  }
}
