import { useState } from "preact/hooks";
import type { Action } from "../load";
import { Form } from "../ui/form";
import { Time } from "../ui/time";
import { draftFields, draftOf, fieldNames, same, type Draft, type DraftField, type User } from "./person_draft";

type Props = { base: User; mine: Draft; theirs: User; action: Action; onSave: (draft: Draft) => Promise<void>; onCancel: () => void };

/**
 * Mine and theirs, field by field, after somebody else changed the person. What only one
 * of us changed is taken from that one; where both did, the reader chooses.
 */
export function Conflict({ base, mine, theirs, action, onSave, onCancel }: Props) {
  const before = draftOf(base);
  const stored = draftOf(theirs);
  const changed = draftFields.filter((field) => !same(field, mine[field], before[field]) || !same(field, stored[field], before[field]));
  const [choices, setChoices] = useState<Partial<Record<DraftField, "mine" | "theirs">>>(() =>
    Object.fromEntries(changed.map((field) => [field, same(field, mine[field], before[field]) ? "theirs" : "mine"])),
  );
  const merged = () => {
    const draft = { ...stored };
    for (const field of changed) if (choices[field] === "mine") draft[field] = mine[field];
    return draft;
  };
  return (
    <Form action={action} submit="Save what is chosen" onSubmit={() => onSave(merged())} onCancel={onCancel}>
      <p>
        {theirs.display_name} was changed <Time at={theirs.updated_at} /> while you edited. Nothing is lost: choose what to keep of each
        field.
        {theirs.status === base.status ? null : ` The status is ${theirs.status} now.`}
      </p>
      {changed.map((field) => (
        <fieldset key={field} class="conflict">
          <legend>{fieldNames[field]}</legend>
          <p class="quiet">
            Before: <Value field={field} text={before[field]} />
          </p>
          {(["mine", "theirs"] as const).map((side) => (
            <label key={side}>
              <input
                type="radio"
                name={field}
                checked={choices[field] === side}
                onChange={() => setChoices((all) => ({ ...all, [field]: side }))}
              />
              {side === "mine" ? "Mine: " : "Theirs: "}
              <Value field={field} text={side === "mine" ? mine[field] : stored[field]} />
            </label>
          ))}
        </fieldset>
      ))}
    </Form>
  );
}

function Value({ field, text }: { field: DraftField; text: string }) {
  return text === "" ? <em>empty</em> : <span class={field === "attributes" ? "value code" : "value"}>{text}</span>;
}
