/**
 * The rooms of `src`, one floor a line, top to bottom. A room imports from the floors below its own; rooms of one floor
 * do not know each other, so that a screen can come or go without another one noticing.
 */
export const floors = [
  // Puts everything together; nobody imports it.
  ["app"],
  // The screens.
  ["create", "settings", "tokens"],
  // Dialogs that stand over any screen; some of them ask for a code.
  ["asks"],
  ["code"],
  // Which addresses there are, and what a token is to a person.
  ["addresses"],
  ["token"],
  // What every screen stands in: alerts, places, questions, and what lives as long as the app.
  ["frame"],
  // Parts that know nothing of tokens.
  ["components"],
  ["lib"],
];
