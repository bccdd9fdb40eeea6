import { expect, test } from "vitest";
import { Task } from "$lib/task.svelte";
import { appError } from "./backend";

test("a task runs once at a time, and can be run again", async () => {
  const task = new Task();
  let runs = 0;
  let end = () => {};
  const work = () => new Promise<void>((resolve) => ((end = resolve), (runs += 1)));
  const first = task.run(work);
  await task.run(work);
  expect([runs, task.busy]).toEqual([1, true]);
  end();
  await first;
  expect(task.busy).toBe(false);
  void task.run(work);
  expect(runs).toBe(2);
});

test("what went wrong is known until the next try", async () => {
  const task = new Task();
  await task.run(() => {
    throw appError("disk-full");
  });
  expect([task.error?.code, task.busy]).toEqual(["disk-full", false]);
  await task.run(() => Promise.resolve());
  expect(task.error).toBeNull();
});

test("whoever wants to hear of a failure can have the same tried again", async () => {
  const heard: (() => void)[] = [];
  const task = new Task((_thrown, again) => heard.push(again));
  let runs = 0;
  await task.run(() => {
    runs += 1;
    return runs === 1 ? Promise.reject(new Error("once")) : Promise.resolve();
  });
  expect(task.error).toBeNull();
  await Promise.resolve(heard[0]?.());
  expect(runs).toBe(2);
});
