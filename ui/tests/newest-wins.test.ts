import { expect, test, vi } from "vitest";
import { NewestWins } from "$lib/newest-wins";

function held() {
  const open: { input: string; answer: (output: string) => void; fail: (error: unknown) => void }[] = [];
  const done: string[] = [];
  const failed: unknown[] = [];
  const asker = new NewestWins<string, string>(60, {
    run: (input) => new Promise((answer, fail) => open.push({ input, answer, fail })),
    done: (output) => done.push(output),
    failed: (error) => failed.push(error),
  });
  return { asker, open, done, failed };
}

test("typing quickly asks once, about the last thing typed", async () => {
  vi.useFakeTimers();
  const { asker, open } = held();
  for (const text of ["H", "Ho", "Hom", "Home"]) asker.ask(text);
  await vi.advanceTimersByTimeAsync(60);
  expect(open.map(({ input }) => input)).toEqual(["Home"]);
});

test("an answer that was overtaken is dropped", async () => {
  const { asker, open, done } = held();
  const first = asker.askNow("old");
  const second = asker.askNow("new");
  open[1]?.answer("about new");
  open[0]?.answer("about old");
  await Promise.all([first, second]);
  expect(done).toEqual(["about new"]);
});

test("a failure that was overtaken is dropped too", async () => {
  const { asker, open, done, failed } = held();
  const first = asker.askNow("old");
  const second = asker.askNow("new");
  open[0]?.fail(new Error("late"));
  open[1]?.answer("about new");
  await Promise.all([first, second]);
  expect(failed).toEqual([]);
  expect(done).toEqual(["about new"]);
});
