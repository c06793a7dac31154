import { render } from "preact";
import { App } from "./app";
import { comeBack } from "./provider";
import { admitWith, start } from "./session";
import { signInFailure } from "./ui/signin";

async function open(): Promise<void> {
  try {
    const grant = await comeBack();
    if (grant !== undefined) {
      await admitWith(grant);
      return;
    }
  } catch (error) {
    signInFailure.set(error as Error);
  }
  await start();
}

// The first words are in the page itself, so that they show before the program runs.
const root = document.getElementById("page") ?? document.body;
root.replaceChildren();
render(<App />, root);
void open();
