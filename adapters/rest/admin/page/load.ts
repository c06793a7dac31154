import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ProblemError } from "../../client-ts/src/index";
import { epoch } from "./session";
import { useStore } from "./store";

export type Loaded<T> = {
  /** The last data; what was shown before stays while something newer loads. */
  data: T | undefined;
  error: Error | undefined;
  loading: boolean;
  reload: () => void;
};

/**
 * useLoad asks for data, and asks again when one of the inputs changes or Roster is back.
 * An older request that is still running is aborted.
 */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): Loaded<T> {
  const [state, setState] = useState<State<T>>({ inputs: [] });
  const [turn, setTurn] = useState(0);
  const now = [...inputs, turn, useStore(epoch)];
  useEffect(() => {
    const controller = new AbortController();
    const settle = (next: (before: State<T>) => State<T>) => controller.signal.aborted || setState(next);
    ask(controller.signal).then(
      (data) => settle(() => ({ inputs: now, data })),
      (error: Error) => settle((before) => ({ ...before, inputs: now, error })),
    );
    return () => controller.abort();
  }, now);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  // The state may be that of other inputs, until those of now are answered.
  const loading = state.inputs.length !== now.length || state.inputs.some((input, i) => input !== now[i]);
  return { data: state.data, error: loading ? undefined : state.error, loading, reload };
}

/** What the last answered request was about, and its answer. */
type State<T> = { inputs: unknown[]; data?: T; error?: Error };

export type Action = { run: (work: () => Promise<void>) => Promise<void>; busy: boolean; error: Error | undefined; clear: () => void };

/** useAction runs one piece of work at a time, and keeps its error. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const running = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (cause) {
      setError(cause as Error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { run, busy, error, clear: useCallback(() => setError(undefined), []) };
}

/** isMissing reports whether there is nothing under an id, or the id is none (400). */
export function isMissing(error: unknown): error is ProblemError {
  return error instanceof ProblemError && (error.status === 404 || error.kind === "parameter");
}

/** isStale reports whether somebody else changed what this was about (412). */
export function isStale(error: unknown): boolean {
  return error instanceof ProblemError && error.kind === "stale";
}
