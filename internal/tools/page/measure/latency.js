// Measures from a key in the search box to the frame that shows its result. nextPainted
// returns a promise of the milliseconds for the last key.
window.painted = undefined;
window.nextPainted = async () => {
  while (window.painted === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  return window.painted;
};
document.addEventListener('keydown', ({ timeStamp }) => {
  window.pressed = timeStamp;
}, { capture: true });
document.addEventListener('input', ({ target }) => {
  const [pressed, term] = [window.pressed, target.value.trim()];
  const shown = () => document.querySelector('main [aria-busy=true]') === null &&
    (document.querySelector('main caption')?.textContent === `People who match ${term}` || document.querySelector('.empty')?.textContent.includes(term));
  const look = () => {
    if (!shown()) return false;
    observer.disconnect();
    // The frame after the change is painted when the task after it runs.
    requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() - pressed; }));
    return true;
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}, { capture: true });
