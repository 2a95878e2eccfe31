// On a small screen the panel takes it all: the rest of the page is set aside, and restored exactly.

const SMALL = '(max-width: 39.99rem), (max-height: 29.99rem)';
const FOCUSABLE = 'a[href], button, textarea, summary, [tabindex="0"]';

export class Modal {
  /**
   * @param {HTMLElement} host the element, in the page
   * @param {HTMLElement} panel
   */
  constructor(host, panel) {
    this.host = host;
    this.panel = panel;
    this.query = matchMedia(SMALL);
    /** @type {Element[]} */
    this.setAside = [];
    this.lock = null;
    this.isOpen = false;
    this.update = this.update.bind(this);
    this.query.addEventListener('change', this.update);
  }

  open() {
    this.isOpen = true;
    this.update();
  }

  close() {
    this.isOpen = false;
    this.update();
  }

  destroy() {
    this.close();
    this.query.removeEventListener('change', this.update);
  }

  update() {
    const wanted = this.isOpen && this.query.matches;
    if (wanted === (this.panel.getAttribute('aria-modal') === 'true')) return;
    if (wanted) this.enter();
    else this.leave();
  }

  enter() {
    this.panel.setAttribute('aria-modal', 'true');
    this.setAside = [...document.body.children].filter((one) => one !== this.host && !one.contains(this.host) && !one.hasAttribute('inert'));
    for (const one of this.setAside) one.setAttribute('inert', '');
    lockScroll(true);
  }

  leave() {
    this.panel.removeAttribute('aria-modal');
    for (const one of this.setAside) one.removeAttribute('inert');
    this.setAside = [];
    lockScroll(false);
  }

  /**
   * Keeps Tab inside the panel while it is alone on the screen.
   *
   * @param {KeyboardEvent} event
   */
  loop(event) {
    if (event.key !== 'Tab' || this.panel.getAttribute('aria-modal') !== 'true') return;
    const stops = [.../** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll(FOCUSABLE))].filter(
      (one) => one.getClientRects().length > 0,
    );
    const current = /** @type {ShadowRoot} */ (this.panel.getRootNode()).activeElement;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const isOut = !stops.includes(/** @type {HTMLElement} */ (current));
    if (event.shiftKey && (current === first || isOut)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && current === last) {
      event.preventDefault();
      first.focus();
    }
  }
}

/** @type {CSSStyleSheet | null} */
let locked = null;

/** @param {boolean} wanted */
function lockScroll(wanted) {
  if (!('adoptedStyleSheets' in document)) return;
  locked ??= new CSSStyleSheet();
  if (wanted) locked.replaceSync('html, body { overflow: hidden !important }');
  const others = document.adoptedStyleSheets.filter((one) => one !== locked);
  document.adoptedStyleSheets = wanted ? [...others, locked] : others;
}
