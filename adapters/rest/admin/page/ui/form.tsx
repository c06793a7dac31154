import type { ComponentChildren } from "preact";
import { ProblemError } from "../../../client-ts/src/index";
import type { Action } from "../load";
import { useId } from "./dialog";
import { Failure, sentence } from "./failure";

type FieldProps = {
  label: string;
  value: string;
  onValue: (value: string) => void;
  /** The place of the field in the body, such as "/email", under which Roster names its faults. */
  place?: string;
  error?: Error | undefined;
  hint?: string | undefined;
  rows?: number;
  type?: "text" | "email" | "password" | "date";
  placeholder?: string;
  required?: boolean;
  autoFocus?: boolean;
};

/** A labelled input with its fault. */
export function Field({ label, value, onValue, place, error, hint, rows, type = "text", ...rest }: FieldProps) {
  const id = useId("field");
  const fault =
    error instanceof ProblemError && place !== undefined
      ? error.problem.errors?.find(({ pointer }) => pointer === place || pointer?.startsWith(place + "/"))
      : undefined;
  const described = [fault === undefined ? "" : `${id}-fault`, hint === undefined ? "" : `${id}-hint`]
    .filter((each) => each !== "")
    .join(" ");
  const common = {
    id,
    value,
    "aria-invalid": fault !== undefined,
    "aria-describedby": described || undefined,
    onInput: (event: Event) => onValue((event.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows === undefined ? (
        <input type={type as "text"} autocomplete="off" spellcheck={false} {...rest} {...common} />
      ) : (
        <textarea rows={rows} spellcheck={false} {...common} />
      )}
      {fault === undefined ? null : (
        <p class="fault" id={`${id}-fault`}>
          {sentence(`${fault.detail}; ${fault.fix}`)}
        </p>
      )}
      {hint === undefined ? null : (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Option = { value: string; text: string };

/** optionsOf are options that read as their values. */
export function optionsOf(values: readonly string[]): Option[] {
  return values.map((value) => ({ value, text: value }));
}

/** A labelled choice. */
export function Choice({
  label,
  value,
  onValue,
  options,
  hidden = false,
  disabled = false,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  options: Option[];
  hidden?: boolean;
  disabled?: boolean;
}) {
  const id = useId("choice");
  return (
    <div class="field">
      <label for={id} class={hidden ? "unseen" : ""}>
        {label}
      </label>
      <select id={id} value={value} disabled={disabled} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map((each) => (
          <option key={each.value} value={each.value} selected={each.value === value}>
            {each.text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A form in a dialog: its fields, its failure, and its buttons. */
export function Form({
  action,
  submit,
  onSubmit,
  onCancel,
  shown,
  children,
}: {
  action: Action;
  submit: string;
  onSubmit: () => Promise<void>;
  onCancel?: () => void;
  shown?: string[];
  children: ComponentChildren;
}) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(onSubmit);
      }}>
      {children}
      <Failure error={action.error} shown={shown} />
      <div class="buttons">
        <button type="submit" class="main" aria-disabled={action.busy}>
          {submit}
        </button>
        {onCancel === undefined ? null : (
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

/** A dialog's question before something that can't be undone. */
export function Confirm({
  action,
  text,
  submit,
  onSubmit,
  onCancel,
}: {
  action: Action;
  text: ComponentChildren;
  submit: string;
  onSubmit: () => Promise<void>;
  onCancel: () => void;
}) {
  return (
    <Form action={action} submit={submit} onSubmit={onSubmit} onCancel={onCancel}>
      <p>{text}</p>
    </Form>
  );
}
