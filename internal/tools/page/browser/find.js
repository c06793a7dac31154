// Finds visible elements by role and name, as assistive technology has them. The
// browser computes both (Chromium's ComputedAccessibilityInfo). A name of "" is any; a
// name that ends with "…" is the beginning of one.
(() => {
  // Elements that may have a role; to ask the browser for the role of each is slow.
  const selectors = {
    alert: '[role=alert]', alertdialog: '[role=alertdialog], dialog', button: 'button, input, [role=button]',
    caption: 'caption', cell: 'td, [role=cell]', checkbox: 'input, [role=checkbox]', columnheader: 'th',
    combobox: 'select, input, [role=combobox]', dialog: 'dialog, [role=dialog]', heading: 'h1, h2, h3, h4',
    image: 'img, svg, canvas, [role=img]', link: 'a', navigation: 'nav', option: 'option, [role=option]', progressbar: 'progress, [role=progressbar]',
    radio: 'input, [role=radio]', region: 'section, [role=region]', row: 'tr', rowheader: 'th', searchbox: 'input', spinbutton: 'input', status: 'output, [role=status]', summary: 'summary',
    tab: '[role=tab]', table: 'table', textbox: 'input, textarea',
  };
  const squeezed = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const visible = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest('[inert]');
  const named = (e, name) => {
    const has = squeezed(e.computedName);
    return name === '' || has === name || (name.endsWith('…') && has.startsWith(name.slice(0, -1)));
  };
  // ARIA has no role for what opens details.
  const roleOf = (e) => e.localName === 'summary' ? 'summary' : e.computedRole;
  const all = (role, name = '') => [...document.querySelectorAll(selectors[role] ?? `[role="${role}"]`)]
    .filter((e) => roleOf(e) === role && named(e, name) && visible(e));
  const isFocused = (role, name) => {
    const e = document.activeElement;
    return e !== null && roleOf(e) === role && named(e, name);
  };
  const operations = {
    isFocused,
    has: (role, name) => all(role, name).length > 0,
    lacks: (role, name) => all(role, name).length === 0,
    enabled: (role, name) => all(role, name).some((e) => !e.disabled && e.getAttribute('aria-disabled') !== 'true'),
    value: (role, name, want) => all(role, name).some((e) => (e.value ?? squeezed(e.textContent)) === want),
    shows: (text) => squeezed(document.body?.innerText).includes(text),
    hides: (text) => document.body != null && !squeezed(document.body.innerText).includes(text),
    at: (part) => location.href.includes(part),
    idle: () => document.readyState === 'complete' && !document.querySelector('[aria-busy=true]'),
  };
  // ring reports whether the focus of an element is drawn: by an outline or a shadow.
  const ring = (e) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(e);
    return e.matches(':focus-visible') && ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none');
  };
  const first = (role, name) => all(role, name)[0];
  return {
    // until waits for an operation to be true, up to a time in milliseconds: it looks
    // whenever the page changes.
    until: (limit, operation, ...args) => new Promise((resolve) => {
      const look = () => operations[operation](...args);
      if (look()) return resolve(true);
      let timer, poll;
      const observer = new MutationObserver(() => look() && end(true));
      const end = (found) => { observer.disconnect(); clearTimeout(timer); clearInterval(poll); resolve(found); };
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      poll = setInterval(() => look() && end(true), 50); // values, and styles, change unobserved
      timer = setTimeout(() => end(look()), limit);
    }),
    // twoFrames is when effects of a change have run; hidden pages have no frames.
    twoFrames: () => Promise.race([
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]).then(() => null),
    names: (role) => all(role).map((e) => squeezed(e.computedName)),
    texts: (role) => all(role).map((e) => squeezed(e.innerText)),
    value: (role, name) => first(role, name)?.value ?? squeezed(first(role, name)?.textContent),
    focused: () => {
      const e = document.activeElement;
      return { role: e === null ? '' : roleOf(e), name: squeezed(e?.computedName), ring: e !== null && ring(e) };
    },
    isFocused,
    focus: (role, name) => first(role, name).focus(),
    // middle scrolls to an element and returns where a mouse would press it.
    middle: (role, name) => {
      const e = first(role, name);
      e.scrollIntoView({ block: 'center', behavior: 'instant' });
      const box = e.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    outline: () => `${location.href}\n` + Object.keys(selectors).flatMap((role) =>
      all(role).slice(0, /cell|row|column/.test(role) ? 6 : 30).map((e) => `${role}: ${squeezed(e.computedName).slice(0, 200)}`)).join('\n'),
  };
})()
