import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

let serial = 0;

/** useId names an element for labels. */
export function useId(prefix: string): string {
  const id = useRef("");
  if (id.current === "") id.current = `${prefix}-${++serial}`;
  return id.current;
}

type Props = { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean };

/** A dialog over the page. The browser keeps the focus in it, and gives it back. */
export function Dialog({ title, onClose, children, wide = false }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId("dialog");
  // Taken before a field of the dialog gets the focus by itself.
  const opener = useRef(document.activeElement);
  useEffect(() => {
    const before = opener.current;
    element.current?.showModal();
    // The first field, not the button that closes.
    element.current?.querySelector<HTMLElement>("form input, form select, form textarea")?.focus();
    return () => {
      element.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? "wide" : ""}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault(); // the owner takes the dialog away
        onClose();
      }}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
