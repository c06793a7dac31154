import { useAction } from "../load";
import { Store, useStore } from "../store";
import { Failure } from "./failure";

/** What was done, and how to undo it. */
type Toast = { id: number; text: string; undo?: (() => Promise<void>) | undefined };

const toasts = new Store<Toast[]>([]);
let last = 0;

/** tell says what an action did. It stays until the reader closes it, or three newer ones are there. */
export function tell(text: string, undo?: () => Promise<void>): void {
  toasts.set([...toasts.value, { id: ++last, text, undo }].slice(-3));
}

/** forget closes all messages: another person must not undo what this one did. */
export function forget(): void {
  toasts.set([]);
}

function close(id: number): void {
  toasts.set(toasts.value.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const list = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite" aria-label="What was done">
      {list.map((toast) => (
        <Line key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function Line({ toast }: { toast: Toast }) {
  const action = useAction();
  const { undo } = toast;
  return (
    <div class="toast">
      <span>{toast.text}</span>
      {undo === undefined ? null : (
        <button
          type="button"
          aria-disabled={action.busy}
          aria-label={`Undo: ${toast.text}`}
          onClick={() =>
            action.run(async () => {
              await undo();
              close(toast.id);
              tell("Undone.");
            })
          }>
          Undo
        </button>
      )}
      <button type="button" class="plain" aria-label={`Close the message: ${toast.text}`} onClick={() => close(toast.id)}>
        ×
      </button>
      <Failure error={action.error} />
    </div>
  );
}
